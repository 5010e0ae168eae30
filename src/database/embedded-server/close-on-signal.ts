const ENDING_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Closes, and then ends, when the process is told to end while nobody else has taken its signals in hand: a service that
 * is still starting, or a command. Whoever listens as well (Nest, later) is left to close in its own order.
 *
 * @returns undoes it
 */
export function closeOnSignal(close: () => Promise<void>): () => void {
  const undo = (): void => {
    for (const signal of ENDING_SIGNALS) process.off(signal, end);
  };
  const end = (signal: NodeJS.Signals): void => {
    undo();
    if (process.listenerCount(signal) > 0) return;
    void close().finally(() => process.kill(process.pid, signal));
  };
  for (const signal of ENDING_SIGNALS) process.on(signal, end);
  return undo;
}
