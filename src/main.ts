// Imports nothing at first: on an older Node the modules of the service do not even load, and that has to be said in one line.
const OLDEST_NODE = [22, 13];

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1])) {
  process.stderr.write(
    `Node.js ${OLDEST_NODE.join('.')} or newer is needed, this is ${process.version}; "npm start" brings its own\n`,
  );
  process.exit(1);
}
const { isTelemetryWanted } = await import('./telemetry/telemetry-wanted.js');
if (isTelemetryWanted(process.env)) (await import('./telemetry/start-telemetry.js')).startTelemetry();
const { startService } = await import('./start-service.js');
await startService();

export {};
