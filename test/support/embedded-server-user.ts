import { EmbeddedServer } from '../../src/database/embedded-server/embedded-server.js';

// A process that uses the embedded server in the folder of its argument until its input ends.
const [, , dataDirectory] = process.argv;
const server = await EmbeddedServer.start({ dataDirectory, settings: { fsync: 'off' } });
process.stdout.write(`${server.superuserUrl()}\n`);
process.stdin.once('end', () => void server.close());
process.stdin.resume();
