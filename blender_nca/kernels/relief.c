// SPDX-License-Identifier: GPL-3.0-or-later
// What is derived of a height map, and the steps that pictures hold: `maps.normal`, `maps.relief` and `maps.png` bit
// for bit, row by row. Products that are summed are stored in between, as numpy does: a fused sum would round otherwise.

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "products.h"

#define DIRECTIONS 8

static const int DOWN[DIRECTIONS] = {0, 1, 1, 1, 0, -1, -1, -1};
static const int RIGHT[DIRECTIONS] = {1, 1, 0, -1, -1, -1, 0, 1};

// The place that is seen at one, which may lie outside.
static inline long place(long at, long size, int wrap) {
  if (wrap) return ((at % size) + size) % size;
  return at < 0 ? 0 : at >= size ? size - 1 : at;
}

// ---- smoothing ----

// The binomial mean (1, 2, 1) of places `distance` pixels apart, first down, then along the row.
void nca_smooth(long height, long width, int wrap, long distance, long first, long last, const float *in, float *out) {
  float *row = malloc(width * sizeof(float));
  for (long y = first; y < last; y++) {
    const float *here = in + y * width, *before = in + place(y - distance, height, wrap) * width;
    const float *after = in + place(y + distance, height, wrap) * width;
    float *to = out + y * width;
    for (long x = 0; x < width; x++) row[x] = here[x] / 2 + (before[x] + after[x]) / 4;
    const long inner = width - distance;
    for (long x = distance; x < inner; x++) to[x] = row[x] / 2 + (row[x - distance] + row[x + distance]) / 4;
    for (long x = 0; x < width; x++) {
      if (x == distance && inner > distance) x = inner;
      to[x] = row[x] / 2 + (row[place(x - distance, width, wrap)] + row[place(x + distance, width, wrap)]) / 4;
    }
  }
  free(row);
}

// ---- ambient occlusion ----

#define VECTORS 4
#define BLOCK (VECTORS * LANES)

// A block of a row from `at` on: where it lies, or, where it reaches over the border, a copy of what is seen there.
INLINE const float *look(const float *row, long at, long width, int wrap, float *copy) {
  if (at >= 0 && at + BLOCK <= width) return row + at;
  long from = place(at, width, wrap);
  for (long i = 0; i < BLOCK; i++) {
    copy[i] = row[from];
    if (wrap)
      from = from + 1 < width ? from + 1 : 0;
    else
      from += at + i >= 0 && from + 1 < width;
  }
  return copy;
}

// Of acos: see `maps.relief`.
#define ARC_0 1.5707288f
#define ARC_1 -0.2121144f
#define ARC_2 0.0742610f
#define ARC_3 -0.0187293f

// Light of an even sky that reaches each place, whose normal is `normal`, to the right, down and up: `distances` are
// where its horizon is looked for, `slopes` what a rise is multiplied by there, along an axis and across a corner. The
// horizon of a block stays in registers until all were looked at.
void nca_see_sky(long height, long width, int wrap, long count, long first, long last, const long *distances,
                 const float *slopes, const float *relief, const float *normal, float *out) {
  const long plane = height * width;
  float copy_here[BLOCK], copy_there[BLOCK];
  float *steepest = malloc((width + BLOCK + 3 * width) * sizeof(float));
  float *seen = steepest + width + BLOCK, *sine = seen + width, *angle = sine + width;
  for (long y = first; y < last; y++) {
    const float *rightwards = normal + y * width, *downwards = rightwards + plane, *upwards = downwards + plane;
    float *sum = out + y * width;
    memset(sum, 0, width * sizeof(float));
    for (int direction = 0; direction < DIRECTIONS; direction++) {
      const int down = DOWN[direction], right = RIGHT[direction];
      const float unit = down && right ? (float)(1 / sqrt(2)) : 1;
      for (long x = 0; x < width; x += BLOCK) {
        const vector *here = (const vector *)look(relief + y * width, x, width, wrap, copy_here);
        vector highest[VECTORS] = {0};
        for (long i_distance = 0; i_distance < count; i_distance++) {
          const long distance = distances[i_distance];
          const float *row = relief + place(y + down * distance, height, wrap) * width;
          const vector *there = (const vector *)look(row, x + right * distance, width, wrap, copy_there);
          const float slope = slopes[2 * i_distance + (down && right)];
          for (int i = 0; i < VECTORS; i++) {
            const vector rise = (there[i] - here[i]) * slope;
            const bits lower = highest[i] <= rise;
            highest[i] = (vector)(((bits)rise & lower) | ((bits)highest[i] & ~lower));
          }
        }
        memcpy(steepest + x, highest, sizeof(highest));
      }
      for (long x = 0; x < width; x++) seen[x] = steepest[x] * steepest[x];
      for (long x = 0; x < width; x++) seen[x] = 1 / (seen[x] + 1);
      for (long x = 0; x < width; x++) sine[x] = steepest[x] * sqrtf(seen[x]);
      for (long x = 0; x < width; x++) angle[x] = ARC_3 * sine[x];
      for (long x = 0; x < width; x++) angle[x] = (angle[x] + ARC_2) * sine[x];
      for (long x = 0; x < width; x++) angle[x] = (angle[x] + ARC_1) * sine[x];
      for (long x = 0; x < width; x++) angle[x] = (angle[x] + ARC_0) * sqrtf(sine[x] < 1 ? 1 - sine[x] : 0);
      for (long x = 0; x < width; x++) steepest[x] *= seen[x];
      // the products with -1, 0 and 1 are exact
      for (long x = 0; x < width; x++)
        angle[x] = (angle[x] - steepest[x]) * ((right * rightwards[x] + down * downwards[x]) * unit);
      for (long x = 0; x < width; x++) seen[x] = upwards[x] * seen[x];
      for (long x = 0; x < width; x++) sum[x] += seen[x];
      for (long x = 0; x < width; x++) sum[x] += angle[x];
    }
    for (long x = 0; x < width; x++) {
      const float share = sum[x] / DIRECTIONS;
      sum[x] = share < 0 ? 0 : share > 1 ? 1 : share;
    }
  }
  free(steepest);
}

// ---- normals ----

// A row with a pixel more on each side; beyond the border the slope goes on.
static void lay_row(long height, long width, int wrap, long y, const float *in, float *row) {
  if (wrap || (y >= 0 && y < height)) {
    memcpy(row + 1, in + place(y, height, wrap) * width, width * sizeof(float));
  } else {
    const float *edge = in + (y < 0 ? 0 : height - 1) * width, *inside = in + (y < 0 ? 1 : height - 2) * width;
    for (long x = 0; x < width; x++) row[x + 1] = 2 * edge[x] - inside[x];
  }
  row[0] = wrap ? row[width] : 2 * row[1] - row[2];
  row[width + 1] = wrap ? row[1] : 2 * row[width] - row[width - 1];
}

// Normals by the Sobel operator, in [0, 1]; green is up where `up` is 1, and down where it is -1.
void nca_see_slopes(long height, long width, int wrap, float strength, float up, long first, long last, const float *in,
                    float *out) {
  const long plane = height * width, wide = width + 2;
  float *rows = malloc(7 * wide * sizeof(float)), *squares = rows + 3 * wide;
  for (long y = first; y < last; y++) {
    const float *before = rows, *here = rows + wide, *after = rows + 2 * wide;
    for (long i = 0; i < 3; i++) lay_row(height, width, wrap, y + i - 1, in, rows + i * wide);
    float *red = out + y * width, *green = red + plane, *blue = green + plane;
    float *down = squares + wide, *along = down + wide, *lengths = along + wide;
    for (long x = 0; x < wide; x++) down[x] = (before[x] + 2 * here[x] + after[x]) / 4;
    for (long x = 0; x < width; x++) along[x] = (down[x + 2] - down[x]) / 2;
    for (long x = 0; x < width; x++) red[x] = -strength * along[x];
    for (long x = 0; x < width; x++) {
      const float above = (before[x] + 2 * before[x + 1] + before[x + 2]) / 4;
      const float below = (after[x] + 2 * after[x + 1] + after[x + 2]) / 4;
      green[x] = up * strength * ((below - above) / 2);
    }
    for (long x = 0; x < width; x++) squares[x] = red[x] * red[x];
    for (long x = 0; x < width; x++) lengths[x] = green[x] * green[x];
    for (long x = 0; x < width; x++) lengths[x] = sqrtf(squares[x] + lengths[x] + 1);
    for (long x = 0; x < width; x++) {
      red[x] = red[x] / lengths[x] * 0.5f + 0.5f;
      green[x] = green[x] / lengths[x] * 0.5f + 0.5f;
      blue[x] = 1 / lengths[x] * 0.5f + 0.5f;
    }
  }
  free(rows);
}

// ---- steps ----

// Whole numbers from 0 to `most` of values in [0, 1]; gives how many are not finite.
static long take_steps(const float *from, long width, float most, uint16_t *steps) {
  long lost = 0;
  for (long x = 0; x < width; x++) {
    const float value = from[x] > 0 ? from[x] : 0;
    lost += !(fabsf(from[x]) <= 3.4028235e38f);
    steps[x] = (uint16_t)(int32_t)nearbyintf((value < 1 ? value : 1) * most);
  }
  return lost;
}

// The channels of each pixel together, of a constant number where it is used: steps of 8 bits, or of 16, the higher byte
// first.
INLINE void mix_bytes(const long channels, long width, const uint16_t *steps, uint8_t *to) {
  for (long x = 0; x < width; x++)
    for (long channel = 0; channel < channels; channel++)
      to[x * channels + channel] = (uint8_t)steps[channel * width + x];
}

INLINE void mix_words(const long channels, long width, const uint16_t *steps, uint8_t *to) {
  for (long x = 0; x < width; x++)
    for (long channel = 0; channel < channels; channel++) {
      const uint16_t step = steps[channel * width + x];
      to[2 * (x * channels + channel)] = (uint8_t)(step >> 8), to[2 * (x * channels + channel) + 1] = (uint8_t)step;
    }
}

// Rows of PNG of planes in [0, 1]: whole numbers of 8 bits, or of 16 with the higher byte first, the channels of a pixel
// together; each row as its difference from the one above, behind the filter's number, the first as it is. Gives how many
// values are not finite.
long nca_lay_steps(long rows, long width, long channels, long bytes, const float *const *planes, const long *strides,
                   uint8_t *out) {
  const long size = width * channels * bytes;
  uint16_t *steps = malloc(channels * width * sizeof(uint16_t));
  uint8_t *above = calloc(2 * size, 1), *here = above + size;
  long lost = 0;
  for (long y = 0; y < rows; y++) {
    for (long channel = 0; channel < channels; channel++)
      lost += take_steps(planes[channel] + y * strides[channel], width, bytes == 1 ? 255.f : 65535.f,
                         steps + channel * width);
    if (bytes == 1 && channels == 1)
      mix_bytes(1, width, steps, here);
    else if (bytes == 1 && channels == 3)
      mix_bytes(3, width, steps, here);
    else if (bytes == 1)
      mix_bytes(4, width, steps, here);
    else if (channels == 1)
      mix_words(1, width, steps, here);
    else if (channels == 3)
      mix_words(3, width, steps, here);
    else
      mix_words(4, width, steps, here);
    uint8_t *row = out + y * (size + 1);
    row[0] = y ? 2 : 0;
    for (long i = 0; i < size; i++) row[i + 1] = (uint8_t)(here[i] - above[i]);  // above the first there are zeros
    uint8_t *swap = above;
    above = here, here = swap;
  }
  free(above < here ? above : here);
  free(steps);
  return lost;
}
