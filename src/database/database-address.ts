/** Where the application logs in, for what brings its own connections (the job queue). Its own token; provided by the database module. */
export abstract class DatabaseAddress {
  abstract readonly url: string;
}
