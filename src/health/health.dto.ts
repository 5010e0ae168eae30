export class HealthDto {
  /**
   * Always `ok`: everything else is a problem document.
   * @example 'ok'
   */
  status!: string;
}
