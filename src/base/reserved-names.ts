/** The image source of what was stored here by STOW-RS. No image source of the configuration may have this name. */
export const RECEIVED = 'received';
