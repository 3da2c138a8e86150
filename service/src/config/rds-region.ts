/** Both orders in use, and that of China: `<region>.rds.amazonaws.com` and `rds.<region>.amazonaws.com.cn`. */
const RDS_HOST = /\.(?:([a-z0-9-]+)\.rds|rds\.([a-z0-9-]+))\.amazonaws\.com(?:\.cn)?\.?$/i;

/** The region of a host name of Amazon RDS, Aurora or RDS Proxy; undefined for any other host. */
export function rdsRegion(host: string): string | undefined {
  const [, before, after] = RDS_HOST.exec(host) ?? [];
  return (before ?? after)?.toLowerCase();
}
