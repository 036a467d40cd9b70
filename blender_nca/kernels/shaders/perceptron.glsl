// SPDX-License-Identifier: GPL-3.0-or-later
// What a painter makes of the state `seen` at a pixel, as much as it counts: the maps before they are finished.

#define PAINT                                                                                              \
  vec4 features[FEATURES], maps[MAPS / 4];                                                                 \
  for (int f = 0; f < FEATURES; f++)                                                                       \
    for (int c = 0; c < 4; c++) {                                                                          \
      float sum = painter.of[(4 * f + c) * FIRST_ROW + QUADS].x;                                           \
      for (int q = 0; q < QUADS; q++) sum += DOT(painter.of[(4 * f + c) * FIRST_ROW + q], seen[q]);        \
      features[f][c] = leak(sum);                                                                          \
    }                                                                                                      \
  for (int m = 0; m < MAPS / 4; m++) maps[m] = share * painter.of[LAST + m];                               \
  for (int unit = 0; unit < PAINTING; unit++) {                                                            \
    int of_unit = SECOND + unit * SECOND_ROW;                                                              \
    float sum = painter.of[of_unit + FEATURES].x;                                                          \
    for (int f = 0; f < FEATURES; f++) sum += DOT(painter.of[of_unit + f], features[f]);                   \
    sum = share * leak(sum);                                                                               \
    for (int m = 0; m < MAPS / 4; m++) maps[m] += painter.of[of_unit + FEATURES + 1 + m] * sum;            \
  }
