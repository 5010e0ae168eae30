import type { Multipart } from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import { ACCESS_FILE_PARTS, type AccessFilePart } from '../../../access-files/access-file.js';
import { DomainError, InvalidInputError } from '../../../common/errors/domain.error.js';
import { FILE_TYPES, MULTIPART_TYPE } from './import-bodies.js';
import type { UploadedFiles } from './uploaded-files.js';

/**
 * Streams the body of an import to disk: several files as multipart, or a single one as the body itself.
 *
 * @param part what the single file is
 * @throws DomainError when it is neither, too large, or names no or unknown parts
 */
export async function receiveFiles(
  request: FastifyRequest,
  part: AccessFilePart | undefined,
  uploaded: UploadedFiles,
): Promise<void> {
  try {
    await receive(request, part, uploaded);
  } catch (error) {
    // What is left of the body is read and thrown away: a caller hears the refusal only when it has sent all, and on a
    // connection that is kept the next request would wait behind it for ever.
    request.raw.unpipe();
    request.raw.resume();
    throw error;
  }
}

async function receive(
  request: FastifyRequest,
  part: AccessFilePart | undefined,
  uploaded: UploadedFiles,
): Promise<void> {
  const type = request.headers['content-type']?.split(';', 1)[0].trim().toLowerCase() ?? 'none';
  if (type === MULTIPART_TYPE) await receiveMultipart(request, uploaded);
  else if (FILE_TYPES.includes(type)) await receiveSingle(request, part, uploaded);
  else {
    throw new DomainError(
      'unsupported_media_type',
      `Content-Type must be ${MULTIPART_TYPE}, text/csv or application/x-ndjson, got ${type}`,
    );
  }
  if (uploaded.isEmpty) {
    throw new InvalidInputError([
      { field: 'body', message: `The body must have at least one of the files ${ACCESS_FILE_PARTS.join(', ')}` },
    ]);
  }
}

async function receiveSingle(
  request: FastifyRequest,
  part: AccessFilePart | undefined,
  uploaded: UploadedFiles,
): Promise<void> {
  if (part === undefined) {
    throw new InvalidInputError([
      { field: 'part', message: `part must say what the file is: one of ${ACCESS_FILE_PARTS.join(', ')}` },
    ]);
  }
  // Not destroyed when reading ends early: that would end the connection before the refusal is sent.
  await uploaded.save(part, part, request.raw.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>);
}

async function receiveMultipart(request: FastifyRequest, uploaded: UploadedFiles): Promise<void> {
  const limits = { fileSize: Infinity, files: ACCESS_FILE_PARTS.length + 1, parts: 100 };
  try {
    for await (const item of request.parts({ limits })) await receivePart(item, uploaded);
  } catch (error) {
    if (!isUnreadableMultipart(error)) throw error;
    throw new InvalidInputError([
      { field: 'body', message: `The body is not readable as ${MULTIPART_TYPE}: ${error.message}` },
    ]);
  }
}

/** What the parser says of a missing boundary, or of a body that ends early, has nothing but its text to know it by. */
function isUnreadableMultipart(error: unknown): error is Error {
  return error instanceof Error && !(error instanceof DomainError) && /multipart/i.test(error.message);
}

async function receivePart(item: Multipart, uploaded: UploadedFiles): Promise<void> {
  const part = ACCESS_FILE_PARTS.find((name) => name === item.fieldname);
  if (item.type === 'file') {
    if (part === undefined) {
      item.file.resume();
      throw new InvalidInputError([
        {
          field: item.fieldname,
          message: `The file ${JSON.stringify(item.fieldname)} is not one of ${ACCESS_FILE_PARTS.join(', ')}`,
        },
      ]);
    }
    await uploaded.save(part, item.filename || part, item.file);
  } else if (part !== undefined) {
    throw new InvalidInputError([
      { field: part, message: `${part} must be sent as a file, with a file name in its Content-Disposition` },
    ]);
  }
}
