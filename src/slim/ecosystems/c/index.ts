/** C and C++: what `make install` or a build directory leaves, with its libraries. */
export { c } from './c.ts'
