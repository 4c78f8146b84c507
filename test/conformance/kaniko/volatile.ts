/** Files whose bytes tell when or in which order packages were installed; mode and owner still count. */
export const volatile: readonly RegExp[] = [
  /^\/date$/,
  /^\/var\/log\//,
  /^\/var\/cache\/(?:ldconfig\/aux-cache|apt\/\w+\.bin|debconf\/)/,
  /^\/var\/lib\/apt\/(?:lists|extended_states)/,
  /^\/var\/lib\/dpkg\/(?:status|available)(?:-old)?$/,
  /^\/etc\/(?:shadow|shadow-|ssh\/ssh_host_)/,
  /^\/etc\/ld\.so\.cache$/,
  /\.pyc$/,
]
