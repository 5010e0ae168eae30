/** An answer as it was read. */
export interface ReadAnswer {
  readonly text: string;
  /** The document when it is JSON, null when there is no body, the text itself when it is something else. */
  readonly value: unknown;
}

/**
 * Reads an answer to its end, and of a stream of events that goes on the first one only.
 *
 * @throws SyntaxError when it calls itself JSON and is not
 */
export async function readAnswer(response: Response): Promise<ReadAnswer> {
  const type = response.headers.get('Content-Type') ?? '';
  const text = type.startsWith('text/event-stream') ? await firstEvent(response) : await response.text();
  if (type === '' && text === '') return { text, value: null };
  return { text, value: /[/+]json\b/.test(type) ? JSON.parse(text) : text };
}

async function firstEvent({ body }: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  // Leaving the loop cancels the stream.
  for await (const part of body ?? []) {
    text += decoder.decode(part as Uint8Array, { stream: true });
    if (text.includes('\ndata:') && text.endsWith('\n\n')) break;
  }
  return text;
}
