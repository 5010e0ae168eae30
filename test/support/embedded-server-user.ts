import { closeOnSignal } from '../../src/database/embedded-server/close-on-signal.js';
import { EmbeddedServer } from '../../src/database/embedded-server/embedded-server.js';

// A process that uses the embedded server in the folder of its argument until its input ends, or a signal ends it.
const [, , dataDirectory] = process.argv;
const server = await EmbeddedServer.start({ dataDirectory, settings: { fsync: 'off' } });
closeOnSignal(() => server.close());
process.stdout.write(`${server.superuserUrl()}\n`);
process.stdin.once('end', () => void server.close());
process.stdin.resume();
