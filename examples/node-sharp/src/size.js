export const sizeOf = (side) => ({ width: side, height: side })
