import '@swc-node/register/esm-register';

export default async function globalTeardown() {
  const { stopTestServer } = await import('./test-server.ts');
  const { TEST_SERVER_VARIABLE } = await import('./test-database.ts');
  await stopTestServer(JSON.parse(process.env[TEST_SERVER_VARIABLE]));
}
