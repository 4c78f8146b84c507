#include <fontconfig/fontconfig.h>
#include <stdio.h>

const char *feature(void) {
  static char text[64];
  FcConfig *config = FcInitLoadConfigAndFonts();
  FcFontSet *fonts = FcConfigGetFonts(config, FcSetSystem);
  snprintf(text, sizeof text, "%d fonts", fonts ? fonts->nfont : 0);
  return text;
}
