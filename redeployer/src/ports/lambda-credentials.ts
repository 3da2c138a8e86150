/**
 * Stands in for `@aws-sdk/credential-provider-node` in the bundle: Lambda hands a function its credentials
 * in the environment, so the code for profiles, single sign-on and metadata servers stays out of it.
 */
export function defaultProvider() {
  return async () => {
    const accessKeyId = process.env['AWS_ACCESS_KEY_ID'];
    const secretAccessKey = process.env['AWS_SECRET_ACCESS_KEY'];
    if (!accessKeyId || !secretAccessKey) throw new Error('The environment holds no AWS credentials');
    return { accessKeyId, secretAccessKey, sessionToken: process.env['AWS_SESSION_TOKEN'] };
  };
}
