import { EXPRESS, SAME_DUTIES, SLIPWAY } from '../programs.ts';
import { find, timesStart, timesWork, type Results } from './results.ts';

/** What the service sets out to be, beside what it is. */
export interface Target {
  what: string;
  /** How many times the peer's figure. */
  wanted: number;
  /** What would be better than wanted. */
  moonshot?: number;
  isAtLeast: boolean;
  /** Not a number where the system does not tell processor time. */
  measured: number;
}

/** The targets, each with what was measured. */
export function targets(results: Results): Target[] {
  const work = (route: string, peer: string) =>
    timesWork(find(results, SLIPWAY.name, route), find(results, peer, route));
  return [
    {
      what: '`GET /`, × Express with the same duties',
      wanted: 1.35,
      moonshot: 1.5,
      isAtLeast: true,
      measured: work('/', SAME_DUTIES.name),
    },
    {
      what: '`GET /connect`, × Express with the same duties',
      wanted: 1.1,
      isAtLeast: true,
      measured: work('/connect', SAME_DUTIES.name),
    },
    {
      what: '`GET /`, × Express',
      wanted: 0.85,
      moonshot: 1,
      isAtLeast: true,
      measured: work('/', EXPRESS.name),
    },
    {
      what: 'start to first ready answer, × Express',
      wanted: 2,
      isAtLeast: false,
      measured: timesStart(results, SLIPWAY.name, EXPRESS.name),
    },
  ];
}

/** How a target came out, in a word or two. */
export function outcome({ wanted, moonshot = Number.NaN, isAtLeast, measured }: Target): string {
  const reaches = (mark: number) => (isAtLeast ? measured >= mark : measured <= mark);
  if (Number.isNaN(measured)) {
    return 'not measured';
  }
  if (reaches(moonshot)) {
    return 'met, and the moonshot';
  }
  return reaches(wanted) ? 'met' : '**missed**';
}
