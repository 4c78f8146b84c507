/** Rust: programs of Cargo packages and workspaces, the libraries that their crates link, and the data beside them. */
export { isRustProgram, rust } from './rust.ts'
