import { FakePostgres, WELL_BEHAVED } from './service/test/support/fake-postgres.ts';
import { FOREIGN } from './service/test/support/misbehaviour.ts';
import { spawn } from 'node:child_process';
const DIST = process.argv[2]!;
const fake = await FakePostgres.start();
let child: any, url = '', err='';
async function start() {
  err='';
  child = spawn(process.execPath, ['dist/main.js'], { cwd: DIST, env: { PATH: process.env.PATH, API_PORT: '0', ...fake.variables({ DB_CONNECT_TIMEOUT_MS: '300', DB_QUERY_TIMEOUT_MS: '300' }) } });
  child.stderr.on('data', (d: any) => (err += d));
  url = await new Promise((res) => { let o=''; child.stdout.on('data', (d: any) => { o += d; const m = /"url":"([^"]+)"/.exec(o); if (m) res(m[1].replace('localhost', '127.0.0.1')); const f=/"level":"fatal".*?"message":"([^"]*)"/.exec(o); if(f) err=f[1]; }); });
}
await start(); console.log("started");
const out: Record<string, string[]> = {};
for (const [name, bytes] of Object.entries(FOREIGN)) for (const [where, at, auth] of [['auth',0,'trust'],['start',2,'trust'],['ready',4,'trust'],['query',5,'trust'],['row',6,'trust'],['end',8,'trust']] as const) {
  fake.behaviour = () => ({ authentication: auth, send: (m, n) => n === at ? [Buffer.concat([bytes, m])] : [m] });
  fake.cut(); await new Promise(r => setTimeout(r, 10)); let r: string;
  const t = performance.now();
  try { const a = await fetch(url + '/connect', { signal: AbortSignal.timeout(3000) }); const j: any = await a.json(); r = a.status + ' ' + (j.code ?? j.version); }
  catch (e: any) { r = e.name === 'TimeoutError' ? 'HANG' : 'DIED ' ; }
  await new Promise(r => setTimeout(r, 15));
  if (r.startsWith('DIED') || child.exitCode !== null || r === 'HANG') { if (r==='HANG') child.kill('SIGKILL'); else if (!r.startsWith('DIED')) r += ' then DIED'; r += ' ' + err.slice(0,80); await start(); }
  (out[r] ??= []).push(`${name} @${where}`); console.log(r, "|", name, "@", where);
}
for (const [r, l] of Object.entries(out)) console.log(r, l.length, '\n    ', process.argv[3] ? l.join('; ') : l.slice(0, 60).join('; '));
child.kill(); process.exit(0);
