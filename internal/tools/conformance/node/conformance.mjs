// Runs the official Node clients against "ecs-activation sandbox serve", over HTTP and HTTPS, and
// fails if a response differs from the documentation. Usage: node conformance.mjs PROGRAM
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const program = resolve(process.argv[2]);
const here = dirname(fileURLToPath(import.meta.url));

const folder = mkdtempSync(join(tmpdir(), 'conformance-'));
let server;

process.on('exit', () => {
  server?.kill();
  rmSync(folder, { recursive: true });
});
for (const signal of ['SIGHUP', 'SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));

// rounds lists the flags of a server and the parts of round.mjs to run against it.
const rounds = [
  { flags: [], part: 'whole' },
  { flags: ['--tls'], part: 'whole' },
  { flags: ['--machine-quota', '1'], part: 'machines-full' },
  { flags: ['--limits', '2021'], part: 'known-region' },
  ...['throttle', 'unavailable', 'busy', 'forbidden', 'unverified'].map(
    fault => ({ flags: ['--fault', fault + '=1'], part: fault })),
];

// serve starts the server with a new state, and resolves to its environment variables.
function serve(flags) {
  const state = mkdtempSync(join(folder, 'state-'));
  const env = { PATH: process.env.PATH, HOME: state, XDG_STATE_HOME: state };
  server = spawn(program, ['sandbox', 'serve', ...flags], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  return new Promise((done, failed) => {
    server.on('exit', code => failed(new Error(`sandbox serve ${flags.join(' ')} ended with ${code}`)));
    createInterface(server.stdout).on('line', line => {
      const [, name, value] = /^export (\w+)=(.*)$/.exec(line) ?? failed(new Error(`sandbox serve printed ${line}`));
      env[name] = value.replace(/^'(.*)'$/, '$1');
      if (name === 'ECS_ACTIVATION_ENDPOINT') done(env); // the last variable
    });
  });
}

// run runs one round, and returns whether it passed.
async function run({ flags, part }) {
  const env = await serve(flags);
  const round = spawnSync(process.execPath, [join(here, 'round.mjs'), part, program], { env, stdio: 'inherit' });
  server.removeAllListeners('exit');
  server.kill();
  if (round.signal) process.exit(1); // the user ended it
  return round.status === 0;
}

let failed = 0;
for (const round of rounds) {
  console.log(`sandbox serve ${round.flags.join(' ')}`);
  if (!await run(round)) failed++;
}
console.log(failed ? `${failed} of ${rounds.length} rounds failed` : `conformance: ${rounds.length} rounds passed`);
process.exit(failed ? 1 : 0);
