// SPDX-License-Identifier: GPL-3.0-or-later
// What is done with the state `seen` at a pixel by a painter that counts as much as its `share`.
//
// The first painter begins, each further one adds to what those before it painted, and the last one ends with maps in [0, 1]; or, where
// `live`, as Blender shows them.

// The maps, before they are finished.
#define PAINT                                                                                       \
  vec4 features[FEATURES], maps[MAPS / 4];                                                          \
  for (int f = 0; f < FEATURES; f++)                                                                \
    for (int c = 0; c < 4; c++) {                                                                   \
      float sum = painter.of[(4 * f + c) * FIRST_ROW + INPUTS].x;                                   \
      for (int q = 0; q < INPUTS; q++) sum += DOT(painter.of[(4 * f + c) * FIRST_ROW + q], seen[q]);\
      features[f][c] = leak(sum);                                                                   \
    }                                                                                               \
  for (int m = 0; m < MAPS / 4; m++) maps[m] = share * painter.of[LAST + m];                        \
  for (int unit = 0; unit < units;    unit++) {                                                     \
    int of_unit = SECOND + unit * SECOND_ROW;                                                       \
    float sum = painter.of[of_unit + FEATURES].x;                                                   \
    for (int f = 0; f < FEATURES; f++) sum += DOT(painter.of[of_unit + f], features[f]);            \
    sum = share * leak(sum);                                                                        \
    for (int m = 0; m < MAPS / 4; m++) maps[m] += painter.of[of_unit + FEATURES + 1 + m] * sum;     \
  }

// Add what was painted before at the place, and finish it, or leave that to those that follow.
#define END(place)                                                                    \
  if (begins == 0) {                                                                  \
    maps[0] += imageLoad(colour, place);                                              \
    maps[1] += imageLoad(rest, place);                                                \
    share += imageLoad(counted, place).x;                                             \
  }                                                                                   \
  if (ends == 0) {                                                                    \
    imageStore(colour, place, maps[0]);                                               \
    imageStore(rest, place, maps[1]);                                                 \
    imageStore(counted, place, vec4(share, 0.0f, 0.0f, 0.0f));                        \
    return;                                                                           \
  }                                                                                   \
  FINISH(maps[0], maps[1], seen[0], share)                                            \
  if (live != 0) {                                                                    \
    imageStore(colour, place, vec4(decode(red), decode(green), decode(blue), alpha)); \
    imageStore(rest, place, vec4(roughness, metallic, relief, emission));             \
  } else {                                                                            \
    imageStore(colour, place, vec4(red, green, blue, alpha));                         \
    imageStore(rest, place, vec4(relief, roughness, metallic, emission));             \
  }
