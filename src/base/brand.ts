declare const brand: unique symbol

/** A string that only its own parser or hasher can make, e.g. `Brand<string, 'Digest'>`. */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name }
