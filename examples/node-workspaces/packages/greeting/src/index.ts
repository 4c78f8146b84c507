import dayjs from 'dayjs'

/** A greeting for a day of the year, the same whoever asks. */
export function greeting(name: string, day: string): string {
  return `Hello ${name}, it is ${dayjs(day).format('MMMM D')}`
}
