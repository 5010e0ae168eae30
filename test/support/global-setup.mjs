// Jest loads this outside of its transforms: the register lets Node import TypeScript here.
import '@swc-node/register/esm-register';

export default async function globalSetup() {
  const { startTestServer } = await import('./test-server.ts');
  const { TEST_SERVER_VARIABLE } = await import('./test-database.ts');
  // Workers are started later and inherit it.
  process.env[TEST_SERVER_VARIABLE] = JSON.stringify(await startTestServer());
}
