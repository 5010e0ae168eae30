// The service as the demo's child: it stops when the demo goes away, however that comes about.
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
process.channel?.unref();
await import('../main.js');

export {};
