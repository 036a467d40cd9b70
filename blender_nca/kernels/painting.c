// SPDX-License-Identifier: GPL-3.0-or-later
// The renderer's painting of one grid, and its gradient: interpolate, run the perceptron, and write the maps, a row of
// pixels at a time, so that no feature leaves the nearest cache.
//
// What `manifold.renderer` says: bicubic interpolation, two hidden layers with leak, colour and life added to the first four
// maps, alpha gated by life.

#include "grid.h"

#define SUPPORT 2
#define TAPS (2 * SUPPORT + 1)
#define OPAQUE_FROM 0.5f
#define MAPS 8
#define PADDED_MAPS 16
#define PIXELS 48
#define LEVELS 4097

typedef struct {
  long inputs;         // of a pixel: its state, and grain where there is any
  long width, padded;  // of the hidden layers
  float *weight_0, *bias_0, *weight_1, *bias_1, *weight_2, *bias_2;  // padded with zeros
} painter;

typedef struct {
  float *features_0, *features_1, *painted;  // PIXELS rows each
} layers;

static long pad16(long n) { return (n + 15) / 16 * 16; }

// A matrix (rows, columns) with zeros up to (padded_rows, padded_columns).
static float *pad_matrix(const float *from, long rows, long columns, long padded_rows, long padded_columns) {
  float *to = calloc(padded_rows * padded_columns, sizeof(float));
  for (long i = 0; i < rows; i++) memcpy(to + i * padded_columns, from + i * columns, columns * sizeof(float));
  return to;
}

static void unpad_matrix_add(const float *from, long padded_columns, long rows, long columns, float *to) {
  for (long i = 0; i < rows; i++)
    for (long j = 0; j < columns; j++) to[i * columns + j] += from[i * padded_columns + j];
}

// The noise that tells the pixels of a cell apart, see `manifold.grain`.
typedef struct {
  long channels, side;  // side: pixels after which it repeats itself
  const float *of;      // (side, side, channels); NULL where there is none
  const int32_t *rows;  // row of cells that each row of cells is as for grain
} grain;

static painter make_painter(long inputs, long width, const float *weight_0, const float *bias_0,
                            const float *weight_1, const float *bias_1, const float *weight_2, const float *bias_2) {
  const long p = pad16(width);
  return (painter){inputs,
                   width,
                   p,
                   pad_matrix(weight_0, inputs, width, inputs, p),
                   pad_matrix(bias_0, 1, width, 1, p),
                   pad_matrix(weight_1, width, width, p, p),
                   pad_matrix(bias_1, 1, width, 1, p),
                   pad_matrix(weight_2, width, MAPS, p, PADDED_MAPS),
                   pad_matrix(bias_2, 1, MAPS, 1, PADDED_MAPS)};
}

static void free_painter(painter *p) {
  free(p->weight_0), free(p->bias_0), free(p->weight_1), free(p->bias_1), free(p->weight_2), free(p->bias_2);
}

static void leak_back(const float *features, float *gradient, long count) {
  for (long i = 0; i < count; i++) gradient[i] = features[i] > 0 ? gradient[i] : LEAK * gradient[i];
}

// Run the perceptron on pixels (count, inputs).
static void run_painter(const painter *p, const float *pixels, long count, layers *l) {
  const long e = p->padded;
  multiply_leaky(count, e, p->inputs, pixels, p->inputs, p->weight_0, p->bias_0, l->features_0);
  multiply_leaky(count, e, p->width, l->features_0, e, p->weight_1, p->bias_1, l->features_1);
  multiply_affine(count, PADDED_MAPS, p->width, l->features_1, e, p->weight_2, p->bias_2, l->painted);
}

static long neighbour(long i, long size, int wrap) {
  if (wrap) return (i % size + size) % size;
  return i < 0 ? 0 : i >= size ? size - 1 : i;
}

// A row of pixels before it is interpolated along x: (width + 2 SUPPORT, channels).
static void interpolate_down(const grid *g, const float *state, long y, const float *taps, float *row) {
  const long c = g->channels;
  memset(row, 0, (g->width + 2 * SUPPORT) * c * sizeof(float));
  for (long t = 0; t < TAPS; t++) {
    if (!taps[t]) continue;
    const float *cells = state + neighbour(y + t - SUPPORT, g->height, g->wrap) * g->width * c;
    for (long i = 0; i < g->width * c; i++) row[SUPPORT * c + i] += taps[t] * cells[i];
  }
  for (long x = 0; x < SUPPORT; x++) {
    memcpy(row + x * c, row + (SUPPORT + neighbour(x - SUPPORT, g->width, g->wrap)) * c, c * sizeof(float));
    memcpy(row + (SUPPORT + g->width + x) * c, row + (SUPPORT + neighbour(g->width + x, g->width, g->wrap)) * c,
           c * sizeof(float));
  }
}

static void interpolate_down_back(const grid *g, float *of_row, long y, const float *taps, float *of_state) {
  const long c = g->channels;
  for (long x = 0; x < SUPPORT; x++) {
    move_into(of_row + x * c, of_row + (SUPPORT + neighbour(x - SUPPORT, g->width, g->wrap)) * c, c);
    move_into(of_row + (SUPPORT + g->width + x) * c,
              of_row + (SUPPORT + neighbour(g->width + x, g->width, g->wrap)) * c, c);
  }
  for (long t = 0; t < TAPS; t++) {
    if (!taps[t]) continue;
    float *cells = of_state + neighbour(y + t - SUPPORT, g->height, g->wrap) * g->width * c;
    for (long i = 0; i < g->width * c; i++) cells[i] += taps[t] * of_row[SUPPORT * c + i];
  }
}

// Pixels (pixels_per_cell * cells, channels and those of grain) of such a row, of the cells `wanted` (NULL for all) alone,
// one after another; returns how many there are, and in `across` where each lies in the row.
static long interpolate_along(const grid *g, const float *row, long pixels_per_cell, const float *taps,
                              const uint8_t *wanted, const grain *fine, long y, float *pixels, int32_t *across) {
  const long c = g->channels, inputs = c + fine->channels;
  const long grain_y = fine->of ? fine->rows[y / pixels_per_cell] * pixels_per_cell + y % pixels_per_cell : 0;
  const float *grain_row = fine->of ? fine->of + grain_y % fine->side * fine->side * fine->channels : NULL;
  long count = 0;
  for (long x = 0; x < g->width; x++) {
    if (wanted && !wanted[x]) continue;
    for (long p = 0; p < pixels_per_cell; p++, count++) {
      for (long i = 0; i < c; i += LANES) {
        vector sum = {0};
        for (long t = 0; t < TAPS; t++) sum += taps[p * TAPS + t] * *(const vector *)(row + (x + t) * c + i);
        *(vector *)(pixels + count * inputs + i) = sum;
      }
      const long at = x * pixels_per_cell + p;
      if (grain_row)
        memcpy(pixels + count * inputs + c, grain_row + at % fine->side * fine->channels, fine->channels * sizeof(float));
      across[count] = (int32_t)at;
    }
  }
  return count;
}

static void interpolate_along_back(const grid *g, const float *of_pixels, long pixels_per_cell, const float *taps,
                                   float *of_row) {
  const long c = g->channels;
  for (long x = 0; x < g->width; x++)
    for (long p = 0; p < pixels_per_cell; p++)
      for (long i = 0; i < c; i += LANES) {
        const vector of_pixel = *(const vector *)(of_pixels + (x * pixels_per_cell + p) * c + i);
        for (long t = 0; t < TAPS; t++) *(vector *)(of_row + (x + t) * c + i) += taps[p * TAPS + t] * of_pixel;
      }
}

static float opacity(float life) {
  const float share = life / OPAQUE_FROM;
  return share < 0 ? 0 : share > 1 ? 1 : share;
}

static layers make_layers(long padded) {
  float *all = malloc(PIXELS * (2 * padded + PADDED_MAPS) * sizeof(float));
  return (layers){all, all + PIXELS * padded, all + 2 * PIXELS * padded};
}

// maps (MAPS, height * pixels_per_cell, width * pixels_per_cell) of a state (height, width, channels): the rows of cells
// from `first` to before `end` of them.
//
// taps (pixels_per_cell, TAPS): how much the cells around one count in each of its pixels
// grains, side, fine, grain_rows: see `grain`; 0 and NULL where the painter reads none
// wanted (height, width): cells whose pixels are painted, the others stay as they are; NULL for all
void nca_paint(long height, long width, long channels, int wrap, long pixels_per_cell, const float *taps,
               long painting, const float *weight_0, const float *bias_0, const float *weight_1, const float *bias_1,
               const float *weight_2, const float *bias_2, long grains, long side, const float *fine,
               const int32_t *grain_rows, long first, long end, const float *state, float *maps,
               const uint8_t *wanted) {
  const grid g = {height, width, channels, wrap};
  const grain n = {grains, side, fine, grain_rows};
  painter p = make_painter(channels + grains, painting, weight_0, bias_0, weight_1, bias_1, weight_2, bias_2);
  layers l = make_layers(p.padded);
  const long across = width * pixels_per_cell, plane = height * pixels_per_cell * across;
  float *row = malloc((width + 2 * SUPPORT) * channels * sizeof(float));
  float *pixels = malloc(across * p.inputs * sizeof(float));
  int32_t *at = malloc(across * sizeof(int32_t));
  for (long y = first * pixels_per_cell; y < end * pixels_per_cell; y++) {
    const uint8_t *here = wanted ? wanted + y / pixels_per_cell * width : NULL;
    if (here && !memchr(here, 1, width)) continue;
    interpolate_down(&g, state, y / pixels_per_cell, taps + y % pixels_per_cell * TAPS, row);
    const long count = interpolate_along(&g, row, pixels_per_cell, taps, here, &n, y, pixels, at);
    for (long done = 0; done < count; done += PIXELS) {
      const long some = count - done < PIXELS ? count - done : PIXELS;
      const float *seen = pixels + done * p.inputs;
      run_painter(&p, seen, some, &l);
      for (long m = 0; m < MAPS; m++) {
        float *map = maps + m * plane + y * across, painted[PIXELS];
        for (long i = 0; i < some; i++) painted[i] = l.painted[i * PADDED_MAPS + m];
        if (m < 4)
          for (long i = 0; i < some; i++) painted[i] += seen[i * p.inputs + m];
        if (m == LIFE)
          for (long i = 0; i < some; i++) painted[i] *= opacity(seen[i * p.inputs + LIFE]);
        for (long i = 0; i < some; i++) map[at[done + i]] = painted[i];
      }
    }
  }
  free(row), free(pixels), free(at), free(l.features_0), free_painter(&p);
}

static float clip(float value) { return value < 0 ? 0 : value > 1 ? 1 : value; }

// A curve through `LEVELS` values from 0 to 1, read between them.
static float read_curve(const float *curve, float value) {
  const float place = value * (LEVELS - 1);
  const int below = place >= LEVELS - 1 ? LEVELS - 2 : (int)place;
  return curve[below] + (place - (float)below) * (curve[below + 1] - curve[below]);
}

// A pixel of both live images, from what was painted of the state that was seen.
static void show(const float *curve, const float *painted, const float *seen, float *colour, float *other) {
  for (int m = 0; m < 3; m++) colour[m] = read_curve(curve, clip(painted[m] + seen[m]));
  colour[3] = clip((painted[LIFE] + seen[LIFE]) * opacity(seen[LIFE]));
  other[0] = clip(painted[5]), other[1] = clip(painted[6]), other[2] = clip(painted[4]), other[3] = clip(painted[7]);
}

// What nca_paint paints, clipped and as Blender shows it: two images (height, width, 4) whose first row is the lowest,
// linear base colour and alpha, then the maps number 5, 6, 4 and 7 (roughness, metallic, height, emission).
//
// curve (LEVELS): linear values of sRGB-encoded ones from 0 to 1
// changed (height, width): cells whose pixels are to be painted, the others stay as they are; NULL for all
void nca_paint_live(long height, long width, long channels, int wrap, long pixels_per_cell, const float *taps,
                    long painting, const float *weight_0, const float *bias_0, const float *weight_1,
                    const float *bias_1, const float *weight_2, const float *bias_2, long grains, long side,
                    const float *fine, const int32_t *grain_rows, long first, long end, const float *state,
                    const float *curve, const uint8_t *changed, float *images) {
  const grid g = {height, width, channels, wrap};
  const grain n = {grains, side, fine, grain_rows};
  painter p = make_painter(channels + grains, painting, weight_0, bias_0, weight_1, bias_1, weight_2, bias_2);
  layers l = make_layers(p.padded);
  const long across = width * pixels_per_cell, down = height * pixels_per_cell;
  float *row = malloc((width + 2 * SUPPORT) * channels * sizeof(float));
  float *pixels = malloc(across * p.inputs * sizeof(float));
  int32_t *at = malloc(across * sizeof(int32_t));
  for (long y = first * pixels_per_cell; y < end * pixels_per_cell; y++) {
    const uint8_t *wanted = changed ? changed + y / pixels_per_cell * width : NULL;
    if (wanted && !memchr(wanted, 1, width)) continue;
    interpolate_down(&g, state, y / pixels_per_cell, taps + y % pixels_per_cell * TAPS, row);
    const long count = interpolate_along(&g, row, pixels_per_cell, taps, wanted, &n, y, pixels, at);
    float *colours = images + (down - 1 - y) * across * 4, *rest = colours + down * across * 4;
    for (long done = 0; done < count; done += PIXELS) {
      const long some = count - done < PIXELS ? count - done : PIXELS;
      const float *seen = pixels + done * p.inputs;
      run_painter(&p, seen, some, &l);
      for (long i = 0; i < some; i++)
        show(curve, l.painted + i * PADDED_MAPS, seen + i * p.inputs, colours + at[done + i] * 4L,
             rest + at[done + i] * 4L);
    }
  }
  free(row), free(pixels), free(at), free(l.features_0), free_painter(&p);
}

// ---- surfaces ----

#define PATCH (TAPS * TAPS)
#define TIE_TAPS 4
#define SHARPNESS -0.5f

typedef float taps __attribute__((vector_size(32), aligned(4)));  // TAPS of them, and three that nobody reads
typedef int32_t tap_bits __attribute__((vector_size(32), aligned(4)));

// The cells of a surface that pixels are painted of.
typedef struct {
  long cells, channels;
  const float *state, *tied;  // (cells, channels), and (ties, channels) of the ties, which are numbered after them
} known;

// tied (ties, channels): what ties take from a state.
void nca_gather(long ties, long channels, const int32_t *source, const float *weight, const float *state, float *tied) {
  for (long t = 0; t < ties; t++)
    for (long c = 0; c < channels; c++) {
      float sum = 0;
      for (int tap = 0; tap < TIE_TAPS; tap++)
        sum += weight[t * TIE_TAPS + tap] * state[source[t * TIE_TAPS + tap] * channels + c];
      tied[t * channels + c] = sum;
    }
}

// Weights of the taps around a place that lies `offset` from the middle one; without a branch, which a processor would
// foresee badly.
static taps weigh(float offset) {
  const taps away = offset - (taps){-2, -1, 0, 1, 2, 3, 4, 5}, distance = (taps)((tap_bits)away & 0x7FFFFFFF);
  const taps square = distance * distance;
  const taps near = (SHARPNESS + 2) * square * distance - (SHARPNESS + 3) * square + 1;
  const taps far = SHARPNESS * (square * distance - 5 * square + 8 * distance - 4);
  const tap_bits is_near = distance < 1, is_far = distance < 2;
  return (taps)(((tap_bits)near & is_near) | ((tap_bits)far & is_far & ~is_near));
}

// Add what a pixel at an offset (down, right) from the middle of a patch sees there.
static void see(const known *k, const int32_t *patch, const float *offset, float counts, float *seen) {
  const float *from[PATCH];
  const taps downward = counts * weigh(offset[0]), along = weigh(offset[1]);
  float weight[PATCH];
  long count = 0;
  for (long i = 0; i < TAPS; i++) {
    const float down = downward[i];
    if (!down) continue;
    for (long j = 0; j < TAPS; j++) {
      const long cell = patch[i * TAPS + j];
      weight[count] = down * along[j];
      from[count] = cell < k->cells ? k->state + cell * k->channels : k->tied + (cell - k->cells) * k->channels;
      count += weight[count] != 0;
    }
  }
  for (long c = 0; c < k->channels; c += LANES) {
    vector sum = *(const vector *)(seen + c);
    for (long n = 0; n < count; n++) sum += weight[n] * *(const vector *)(from[n] + c);
    *(vector *)(seen + c) = sum;
  }
}

// Paint the told pixels `told` (NULL for all) from number `first` to before `end` of these.
//
// patches (any, PATCH); patch (told, 2), offset (told, 2, 2), mixed (told): see `manifold.canvas`
// pixels (told): where each is painted, in maps (MAPS, plane) that it is added to as nca_paint paints it; with a curve in
// images (2, plane, 4) as nca_paint_live does
// fine (told, grains): their grain; 0 and NULL where the painter reads none
// shares (cells and ties): how much the painter counts; NULL for fully
void nca_paint_told(long cells, long channels, long painting, const float *weight_0, const float *bias_0,
                    const float *weight_1, const float *bias_1, const float *weight_2, const float *bias_2, long grains,
                    const float *fine, long first, long end, const int32_t *told, const float *state,
                    const float *tied, const float *shares, const int32_t *patches, const int32_t *patch,
                    const float *offset, const float *mixed, const int64_t *pixels, const float *curve, long plane,
                    float *out) {
  const known k = {cells, channels, state, tied};
  painter p = make_painter(channels + grains, painting, weight_0, bias_0, weight_1, bias_1, weight_2, bias_2);
  layers l = make_layers(p.padded);
  float *seen = malloc(PIXELS * p.inputs * sizeof(float)), share[PIXELS];
  for (long n = first; n < end; n += PIXELS) {
    const long some = end - n < PIXELS ? end - n : PIXELS;
    memset(seen, 0, some * p.inputs * sizeof(float));
    for (long i = 0; i < some; i++) {
      const long t = told ? told[n + i] : n + i;
      share[i] = shares ? 0 : 1;
      if (grains) memcpy(seen + i * p.inputs + channels, fine + t * grains, grains * sizeof(float));
      for (int side = 0; side < 2; side++) {
        const float counts = side ? mixed[t] : 1 - mixed[t];
        if (!counts) continue;
        const int32_t *around = patches + (long)patch[2 * t + side] * PATCH;
        const float *at = offset + 4 * t + 2 * side;
        see(&k, around, at, counts, seen + i * p.inputs);
        if (!shares) continue;
        const taps down = weigh(at[0]), along = weigh(at[1]);
        for (long tap = 0; tap < PATCH; tap++)
          share[i] += counts * shares[around[tap]] * down[tap / TAPS] * along[tap % TAPS];
      }
    }
    run_painter(&p, seen, some, &l);
    for (long i = 0; i < some; i++) {
      const long pixel = pixels[told ? told[n + i] : n + i];
      const float *painted = l.painted + i * PADDED_MAPS, *at = seen + i * p.inputs;
      if (curve) {
        show(curve, painted, at, out + pixel * 4, out + (plane + pixel) * 4);
        continue;
      }
      for (long m = 0; m < MAPS; m++) {
        float value = painted[m] + (m < 4 ? at[m] : 0);
        if (m == LIFE) value *= opacity(at[LIFE]);
        out[m * plane + pixel] += share[i] * value;
      }
    }
  }
  free(seen), free(l.features_0), free_painter(&p);
}

// Gradient of nca_paint, added to of_*.
void nca_paint_back(long height, long width, long channels, int wrap, long pixels_per_cell, const float *taps,
                    long painting, const float *weight_0, const float *bias_0, const float *weight_1,
                    const float *bias_1, const float *weight_2, const float *bias_2, const float *state,
                    const float *of_maps, float *of_weight_0, float *of_bias_0, float *of_weight_1, float *of_bias_1,
                    float *of_weight_2, float *of_bias_2, float *of_state) {
  const grid g = {height, width, channels, wrap};
  const grain none = {0};
  painter p = make_painter(channels, painting, weight_0, bias_0, weight_1, bias_1, weight_2, bias_2);
  const long e = p.padded;
  float *from_0 = malloc((channels * e + e * e + e * PADDED_MAPS) * sizeof(float));
  float *from_1 = from_0 + channels * e, *from_2 = from_1 + e * e;
  turn(channels, e, p.weight_0, from_0);
  turn(e, e, p.weight_1, from_1);
  turn(e, PADDED_MAPS, p.weight_2, from_2);
  painter of = make_painter(channels, painting, weight_0, bias_0, weight_1, bias_1, weight_2, bias_2);
  memset(of.weight_0, 0, channels * e * sizeof(float)), memset(of.bias_0, 0, e * sizeof(float));
  memset(of.weight_1, 0, e * e * sizeof(float)), memset(of.bias_1, 0, e * sizeof(float));
  memset(of.weight_2, 0, e * PADDED_MAPS * sizeof(float)), memset(of.bias_2, 0, PADDED_MAPS * sizeof(float));
  layers l = make_layers(e), of_l = make_layers(e);
  const long across = width * pixels_per_cell, plane = height * pixels_per_cell * across;
  float *row = malloc((width + 2 * SUPPORT) * channels * sizeof(float));
  float *pixels = malloc(2 * across * channels * sizeof(float)), *of_pixels = pixels + across * channels;
  int32_t *at = malloc(across * sizeof(int32_t));
  for (long y = 0; y < height * pixels_per_cell; y++) {
    interpolate_down(&g, state, y / pixels_per_cell, taps + y % pixels_per_cell * TAPS, row);
    interpolate_along(&g, row, pixels_per_cell, taps, NULL, &none, y, pixels, at);
    for (long x = 0; x < across; x += PIXELS) {
      const long some = across - x < PIXELS ? across - x : PIXELS;
      const float *seen = pixels + x * channels;
      run_painter(&p, seen, some, &l);
      memset(of_l.painted, 0, some * PADDED_MAPS * sizeof(float));
      for (long m = 0; m < MAPS; m++) {
        const float *of_map = of_maps + m * plane + y * across + x;
        for (long i = 0; i < some; i++) of_l.painted[i * PADDED_MAPS + m] = of_map[i];
      }
      // alpha = (painted + life) opacity(life)
      float of_life[PIXELS];
      for (long i = 0; i < some; i++) {
        const float life = seen[i * channels + LIFE], of_alpha = of_l.painted[i * PADDED_MAPS + LIFE];
        const float rises = life > 0 && life < OPAQUE_FROM ? 1 / OPAQUE_FROM : 0;
        of_life[i] = of_alpha * rises * (l.painted[i * PADDED_MAPS + LIFE] + life);
        of_l.painted[i * PADDED_MAPS + LIFE] = of_alpha * opacity(life);
      }
      multiply_turned_add(e, PADDED_MAPS, some, l.features_1, of_l.painted, of.weight_2);
      for (long i = 0; i < some; i++)
        for (long m = 0; m < MAPS; m++) of.bias_2[m] += of_l.painted[i * PADDED_MAPS + m];
      multiply(some, e, PADDED_MAPS, of_l.painted, from_2, of_l.features_1);
      leak_back(l.features_1, of_l.features_1, some * e);
      multiply_turned_add(e, e, some, l.features_0, of_l.features_1, of.weight_1);
      for (long i = 0; i < some; i++)
        for (long j = 0; j < e; j++) of.bias_1[j] += of_l.features_1[i * e + j];
      multiply(some, e, e, of_l.features_1, from_1, of_l.features_0);
      leak_back(l.features_0, of_l.features_0, some * e);
      multiply_turned_add(channels, e, some, seen, of_l.features_0, of.weight_0);
      for (long i = 0; i < some; i++)
        for (long j = 0; j < e; j++) of.bias_0[j] += of_l.features_0[i * e + j];
      float *of_seen = of_pixels + x * channels;
      multiply(some, channels, e, of_l.features_0, from_0, of_seen);
      for (long i = 0; i < some; i++) {
        for (long m = 0; m < 4; m++) of_seen[i * channels + m] += of_l.painted[i * PADDED_MAPS + m];
        of_seen[i * channels + LIFE] += of_life[i];
      }
    }
    memset(row, 0, (width + 2 * SUPPORT) * channels * sizeof(float));
    interpolate_along_back(&g, of_pixels, pixels_per_cell, taps, row);
    interpolate_down_back(&g, row, y / pixels_per_cell, taps + y % pixels_per_cell * TAPS, of_state);
  }
  unpad_matrix_add(of.weight_0, e, channels, painting, of_weight_0);
  unpad_matrix_add(of.bias_0, e, 1, painting, of_bias_0);
  unpad_matrix_add(of.weight_1, e, painting, painting, of_weight_1);
  unpad_matrix_add(of.bias_1, e, 1, painting, of_bias_1);
  unpad_matrix_add(of.weight_2, PADDED_MAPS, painting, MAPS, of_weight_2);
  unpad_matrix_add(of.bias_2, PADDED_MAPS, 1, MAPS, of_bias_2);
  free(row), free(pixels), free(at), free(l.features_0), free(of_l.features_0), free(from_0);
  free_painter(&p), free_painter(&of);
}

// ---- growth order and front, as `maps.order.Order.paint` says, of cells from row `first` to `last` ----

// around (2, height + 2 SUPPORT, width + 2 SUPPORT): arrivals, 0 where no cell lives, and which cells live.
// taps (pixels, TAPS): how much the cells around count in each pixel of one. maps (2, pixels high, pixels wide).
void nca_paint_order(long height, long width, long pixels, const float *taps, float end, float front, float step,
                     long first, long last, const float *around, float *maps) {
  const long wide = width + 2 * SUPPORT, plane = (height + 2 * SUPPORT) * wide, across = width * pixels;
  float *since = malloc(2 * wide * sizeof(float)), *alive = since + wide;
  for (long row = first * pixels; row < last * pixels; row++) {
    const float *down = taps + row % pixels * TAPS, *from = around + row / pixels * wide;
    memset(since, 0, 2 * wide * sizeof(float));
    for (long i = 0; i < TAPS; i++, from += wide)
      for (long x = 0; x < wide; x++) since[x] += down[i] * from[x], alive[x] += down[i] * from[plane + x];
    float *order = maps + row * across, *edge = order + height * pixels * across;
    for (long x = 0; x < width; x++)
      for (long p = 0; p < pixels; p++, order++, edge++) {
        float total = 0, share = 0;
        for (long i = 0; i < TAPS; i++)
          total += taps[p * TAPS + i] * since[x + i], share += taps[p * TAPS + i] * alive[x + i];
        const float arrival = share > 1e-6f ? total / share : total * 1e6f;
        *order = share > 0 ? clip(arrival / end) : 1;
        *edge = clip(1 - (step - arrival) / front) * clip(2 * share);
      }
  }
  free(since);
}
