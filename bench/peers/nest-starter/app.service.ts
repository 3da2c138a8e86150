import { Injectable } from '@nestjs/common';
import { MESSAGE } from '../answers.mjs';

@Injectable()
export class AppService {
  getHello(): { message: string } {
    return MESSAGE;
  }
}
