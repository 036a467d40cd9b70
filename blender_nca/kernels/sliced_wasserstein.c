// SPDX-License-Identifier: GPL-3.0-or-later
// Sliced Wasserstein distance of the patches of one picture, and its gradient, in one pass.
//
// What `training.sliced_wasserstein` says: patches of a tiling picture, projected on directions, in order, against the
// ordered projections of an exemplar. Ranks are taken on a scale of 65,536 levels between the least and the greatest
// projection; the distance itself is that of the exact values.

#include "products.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#define BLOCK 48
#define LEVELS 65535.0f

typedef struct {
  long height, width, channels, patch, stride;
  long depth;  // numbers of a patch, up to a multiple of sixteen
} patches;

INLINE long around(const patches *p) { return p->patch / 2; }
INLINE long padded_width(const patches *p) { return p->width + 2 * around(p); }
INLINE long padded_size(const patches *p) { return (p->height + 2 * around(p)) * padded_width(p) * p->channels; }
INLINE long down(const patches *p) { return (p->height - 1) / p->stride + 1; }
INLINE long across(const patches *p) { return (p->width - 1) / p->stride + 1; }
INLINE long count_of(const patches *p) { return down(p) * across(p); }

// Channels last, with what the other side shows around it, from planes (channels, height, width).
static void wrap_planes(const patches *p, const float *planes, float *image) {
  const long a = around(p), c = p->channels, w = padded_width(p);
  for (long y = 0; y < p->height + 2 * a; y++)
    for (long k = 0; k < c; k++) {
      const float *from = planes + (k * p->height + (y - a + p->height) % p->height) * p->width;
      float *to = image + y * w * c + k;
      for (long x = 0; x < a; x++) to[x * c] = from[p->width - a + x], to[(a + p->width + x) * c] = from[x];
      for (long x = 0; x < p->width; x++) to[(a + x) * c] = from[x];
    }
}

static void wrap_planes_back(const patches *p, const float *of_image, float *of_planes) {
  const long a = around(p), c = p->channels, w = padded_width(p);
  for (long y = 0; y < p->height + 2 * a; y++)
    for (long k = 0; k < c; k++) {
      float *to = of_planes + (k * p->height + (y - a + p->height) % p->height) * p->width;
      const float *from = of_image + y * w * c + k;
      for (long x = 0; x < a; x++) to[p->width - a + x] += from[x * c], to[x] += from[(a + p->width + x) * c];
      for (long x = 0; x < p->width; x++) to[x] += from[(a + x) * c];
    }
}

INLINE long start_of(const patches *p, long number) {
  return ((number / across(p)) * p->stride * padded_width(p) + (number % across(p)) * p->stride) * p->channels;
}

// found (patches, directions) = patches . filters (depth, directions)
static void project(const patches *p, const float *image, const float *filters, long directions, float *found) {
  float *some = calloc(BLOCK * p->depth, sizeof(float));
  const long line = p->patch * p->channels, step = padded_width(p) * p->channels;
  for (long i = 0; i < count_of(p); i += BLOCK) {
    const long count = count_of(p) - i < BLOCK ? count_of(p) - i : BLOCK;
    for (long k = 0; k < count; k++)
      for (long y = 0; y < p->patch; y++)
        memcpy(some + k * p->depth + y * line, image + start_of(p, i + k) + y * step, line * sizeof(float));
    multiply(count, directions, p->depth, some, filters, found + i * directions);
  }
  free(some);
}

// of_image += of_found (patches, directions) . filters_back (directions, depth)
static void project_back(const patches *p, const float *of_found, const float *filters_back, long directions,
                         float *of_image) {
  float *some = malloc(BLOCK * p->depth * sizeof(float));
  const long line = p->patch * p->channels, step = padded_width(p) * p->channels;
  for (long i = 0; i < count_of(p); i += BLOCK) {
    const long count = count_of(p) - i < BLOCK ? count_of(p) - i : BLOCK;
    multiply(count, p->depth, directions, of_found + i * directions, filters_back, some);
    for (long k = 0; k < count; k++)
      for (long y = 0; y < p->patch; y++) {
        const float *from = some + k * p->depth + y * line;
        float *to = of_image + start_of(p, i + k) + y * step;
        for (long j = 0; j < line; j++) to[j] += from[j];
      }
  }
  free(some);
}

// Indices of values in ascending order: two passes of a radix sort over sixteen bits.
static void sort_ranks(const float *values, long count, uint16_t *keys, uint16_t *order, uint16_t *spare) {
  float least = values[0], most = values[0];
  for (long i = 1; i < count; i++) {
    least = values[i] < least ? values[i] : least;
    most = values[i] > most ? values[i] : most;
  }
  const float scale = most > least ? LEVELS / (most - least) : 0;
  int32_t low[257] = {0}, high[257] = {0};
  for (long i = 0; i < count; i++) {
    const float level = (values[i] - least) * scale;
    keys[i] = (uint16_t)(level >= LEVELS ? LEVELS : level > 0 ? level : 0);
  }
  for (long i = 0; i < count; i++) low[(keys[i] & 255) + 1]++, high[(keys[i] >> 8) + 1]++;
  for (long i = 0; i < 256; i++) low[i + 1] += low[i], high[i + 1] += high[i];
  for (long i = 0; i < count; i++) spare[low[keys[i] & 255]++] = (uint16_t)i;
  for (long i = 0; i < count; i++) order[high[keys[spare[i]] >> 8]++] = spare[i];
}

// Mean squared difference of ordered projections to the wanted ones; found (patches, directions) becomes its gradient.
//
// first, second (directions, quantiles): of the two exemplars that `share` blends
static double compare(float *found, long count, long directions, const float *first, const float *second,
                      float share, long quantiles) {
  float *values = malloc(count * sizeof(float));
  uint16_t *keys = malloc(3 * count * sizeof(uint16_t)), *order = keys + count, *spare = order + count;
  const float step = count > 1 ? (float)(quantiles - 1) / (float)(count - 1) : 0;
  const float slope = 2 / ((float)count * (float)directions);
  double sum = 0;
  for (long d = 0; d < directions; d++) {
    for (long i = 0; i < count; i++) values[i] = found[i * directions + d];
    sort_ranks(values, count, keys, order, spare);
    const float *a = first + d * quantiles, *b = second + d * quantiles;
    float part = 0;
    for (long i = 0; i < count; i++) {
      const float place = (float)i * step;
      const long below = (long)place < quantiles - 2 ? (long)place : quantiles - 2;
      const float t = place - (float)below;
      const float of_a = a[below] + t * (a[below + 1] - a[below]), of_b = b[below] + t * (b[below + 1] - b[below]);
      const float difference = values[order[i]] - (of_a + share * (of_b - of_a));
      part += difference * difference;
      found[order[i] * directions + d] = slope * difference;
    }
    sum += part;
  }
  free(keys), free(values);
  return sum / ((double)count * (double)directions);
}

// Distance of the patches of planes (channels, height, width), whose gradient is added to of_planes.
//
// filters (depth, directions), filters_back (directions, depth): numbers of a patch by row, column and channel
float nca_slice(long height, long width, long channels, long patch, long stride, long depth, long directions,
                const float *planes, const float *filters, const float *filters_back, const float *first,
                const float *second, float share, long quantiles, float *of_planes) {
  const patches p = {height, width, channels, patch, stride, depth};
  float *image = calloc(2 * padded_size(&p), sizeof(float)), *of_image = image + padded_size(&p);
  float *found = malloc(count_of(&p) * directions * sizeof(float));
  wrap_planes(&p, planes, image);
  project(&p, image, filters, directions, found);
  const double distance = compare(found, count_of(&p), directions, first, second, share, quantiles);
  project_back(&p, found, filters_back, directions, of_image);
  wrap_planes_back(&p, of_image, of_planes);
  free(found), free(image);
  return (float)distance;
}
