/** What keeps the demo from going on, said so that whoever runs it can do something about it. */
export class DemoError extends Error {
  override readonly name = 'DemoError';
}
