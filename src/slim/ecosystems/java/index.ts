/** Java: a jar or classes are built with a JDK and run with the JRE of the same release. */
export { java } from './java.ts'
