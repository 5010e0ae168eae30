import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

/** A field, or a line of a file, that was refused. */
export class InputFaultDto {
  /** Name of the body field or query parameter; nested fields with a dot. */
  field?: string;

  /** Name of the imported file. */
  file?: string;

  /** Line of that file, from 1; null when the fault is of the file as a whole. */
  @ApiPropertyOptional({ type: 'integer', nullable: true })
  line?: number | null;

  /** What is wrong, what was read and what is expected. */
  message!: string;
}

/** Every error of this API: a problem document of RFC 9457, as `application/problem+json`. */
export class ProblemDto {
  /**
   * Kind of problem, as a URI; `about:blank` says that there is no more to know than the status.
   * @example 'about:blank'
   */
  type!: string;

  /** The name of the HTTP status.
   * @example 'Conflict' */
  title!: string;

  /** The HTTP status. */
  @ApiProperty({ type: 'integer' })
  status!: number;

  /** One readable sentence. */
  detail!: string;

  /** The same sentence, for clients that read this name. */
  message!: string;

  /** The path that was called. */
  instance!: string;

  /** What exactly is wrong with the input, for 400. */
  errors?: InputFaultDto[];
}
