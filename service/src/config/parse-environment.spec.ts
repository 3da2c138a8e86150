import { describe, expect, it } from '@jest/globals';
import { ConfigurationError } from './configuration.error.ts';
import { parseEnvironment } from './parse-environment.ts';

const DATABASE = { DB_DATABASE: 'app', DB_HOST: 'db.example', DB_USER: 'app', DB_PASSWORD: 'pass word' };

describe('parseEnvironment', () => {
  it('fills in the documented defaults', () => {
    expect(parseEnvironment(DATABASE)).toEqual({
      ...DATABASE,
      API_PORT: 3000,
      DB_PORT: 5432,
      DB_AUTH: 'password',
      DB_SSLMODE: 'disable',
      DB_POOL_MAX: 10,
      DB_CONNECT_TIMEOUT_MS: 3000,
      DB_QUERY_TIMEOUT_MS: 3000,
      SHUTDOWN_DELAY_MS: 0,
      SHUTDOWN_TIMEOUT_MS: 10_000,
      LOG_LEVEL: 'info',
      GIT_SHA: 'unknown',
    });
  });

  it('turns numbers into numbers', () => {
    expect(parseEnvironment({ ...DATABASE, API_PORT: '8080', DB_POOL_MAX: '3' })).toMatchObject({
      API_PORT: 8080,
      DB_POOL_MAX: 3,
    });
  });

  it.each([
    ['db.abc.eu-west-1.rds.amazonaws.com', 'verify-full'],
    ['DB.ABC.EU-WEST-1.RDS.AMAZONAWS.COM', 'verify-full'],
    ['db.abc.eu-west-1.rds.amazonaws.com.', 'verify-full'],
    ['one.proxy-abc.eu-west-1.rds.amazonaws.com', 'verify-full'],
    ['db.abc.cn-north-1.rds.amazonaws.com.cn', 'verify-full'],
    ['db.abc.rds.cn-northwest-1.amazonaws.com.cn.', 'verify-full'],
    ['rds.amazonaws.com.example', 'disable'],
    ['xrds.amazonaws.com', 'disable'],
    ['127.0.0.1', 'disable'],
  ])('without DB_SSLMODE, %s gets %s', (DB_HOST, expected) => {
    expect(parseEnvironment({ ...DATABASE, DB_HOST }).DB_SSLMODE).toBe(expected);
  });

  it('lets DB_SSLMODE overrule the host', () => {
    const DB_HOST = 'db.abc.eu-west-1.rds.amazonaws.com';
    expect(parseEnvironment({ ...DATABASE, DB_HOST, DB_SSLMODE: 'require' }).DB_SSLMODE).toBe('require');
  });

  it('names every missing variable at once, and counts an empty one as missing', () => {
    expect(() => parseEnvironment({ DB_USER: '', DB_PASSWORD: '' })).toThrow(
      new ConfigurationError([
        { path: ['DB_DATABASE'], message: 'is required' },
        { path: ['DB_HOST'], message: 'is required' },
        { path: ['DB_USER'], message: 'is required' },
        { path: ['DB_PASSWORD'], message: 'is required (or DB_PASSWORD_FILE, but not both)' },
      ]),
    );
  });

  it('takes the password or its file, not both', () => {
    const { DB_PASSWORD, ...rest } = DATABASE;
    expect(parseEnvironment({ ...rest, DB_PASSWORD_FILE: '/run/password' })).not.toHaveProperty(
      'DB_PASSWORD',
    );
    expect(() => parseEnvironment({ ...rest, DB_PASSWORD, DB_PASSWORD_FILE: '/run/password' })).toThrow(
      'not both',
    );
  });

  it.each([
    ['API_PORT', '65536'],
    ['API_PORT', '0x10'],
    ['API_PORT', ' 80'],
    ['API_PORT', '-1'],
    ['DB_PORT', '0'],
    ['DB_POOL_MAX', '0'],
    ['DB_POOL_MAX', '1.5'],
    ['DB_CONNECT_TIMEOUT_MS', '0'],
    ['DB_QUERY_TIMEOUT_MS', 'soon'],
    ['SHUTDOWN_DELAY_MS', '2147483648'],
    ['SHUTDOWN_TIMEOUT_MS', '1e3'],
    ['DB_AUTH', 'token'],
    ['DB_SSLMODE', 'prefer'],
    ['LOG_LEVEL', 'loud'],
  ])('refuses %s=%s, names the variable and not the value', (name, value) => {
    const parse = () => parseEnvironment({ ...DATABASE, [name]: value });
    expect(parse).toThrow(ConfigurationError);
    expect(parse).toThrow(new RegExp(`^The configuration is not valid: ${name} must be [^;]*\\.$`));
  });

  describe('with DB_AUTH=iam', () => {
    const IAM = {
      DB_DATABASE: 'app',
      DB_HOST: 'db.abc.eu-west-1.rds.amazonaws.com',
      DB_USER: 'app',
      DB_AUTH: 'iam',
      AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: '/role',
    };

    it('needs no password, and verifies TLS whatever the host', () => {
      expect(parseEnvironment(IAM)).toMatchObject({ DB_AUTH: 'iam', DB_SSLMODE: 'verify-full' });
      expect(parseEnvironment({ ...IAM, DB_HOST: 'db.example', AWS_REGION: 'eu-west-1' })).toMatchObject({
        DB_SSLMODE: 'verify-full',
      });
    });

    it('names everything that does not fit it at once, and no value', () => {
      const wrong = {
        DB_AUTH: 'iam',
        DB_HOST: 'db.example',
        DB_PASSWORD: 'hunter2',
        DB_PASSWORD_FILE: '/hunter2',
        DB_SSLMODE: 'require',
      };
      const parse = () => parseEnvironment(wrong);
      expect(parse).toThrow(
        /DB_DATABASE is required; DB_USER is required; DB_PASSWORD must not .*; DB_PASSWORD_FILE must not .*; DB_SSLMODE must be verify-full .*; AWS_REGION is required .*; AWS_CONTAINER_CREDENTIALS_RELATIVE_URI is required /,
      );
      expect(parse).not.toThrow(/hunter2/);
    });

    const askingAt = (url: string) => () =>
      parseEnvironment({
        ...IAM,
        AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: '',
        AWS_CONTAINER_CREDENTIALS_FULL_URI: url,
      });

    it.each([
      'http://169.254.170.23/v1/credentials',
      'http://localhost:1234/role',
      'http://[::1]:1234/role',
      'https://credentials.example/',
    ])('asks %s for credentials', (url) => {
      expect(askingAt(url)).not.toThrow();
    });

    it.each(['http://credentials.example/', 'http://127.0.0.1.example/', '169.254.170.2'])(
      'never asks %s for credentials',
      (url) => {
        expect(askingAt(url)).toThrow(
          /^The configuration is not valid: AWS_CONTAINER_CREDENTIALS_FULL_URI must [^;]*$/,
        );
      },
    );
  });
});
