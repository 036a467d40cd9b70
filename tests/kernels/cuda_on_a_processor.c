// SPDX-License-Identifier: GPL-3.0-or-later
// Launches the kernels for graphics cards by the threads of a processor.
#include "fused_step.cu"
#include "fused_painting.cu"

typedef struct { int number, kernel, across, down; void **arguments; } worker;

#define ARGUMENT(type, i) *(type *)w.arguments[i]

static void *work(void *given) {
  const worker w = *(worker *)given;
  threadIdx.x = w.number;
  for (blockIdx.y = 0; blockIdx.y < w.down; blockIdx.y++)
    for (blockIdx.x = 0; blockIdx.x < w.across; blockIdx.x++) {
      __syncthreads();
      if (w.kernel == 0)
        nca_change(ARGUMENT(float4 *, 0), ARGUMENT(float4 *, 1), ARGUMENT(float *, 2), ARGUMENT(unsigned char *, 3),
                   ARGUMENT(float4 *, 4), ARGUMENT(float *, 5), ARGUMENT(int, 6), ARGUMENT(int, 7), ARGUMENT(int, 8),
                   ARGUMENT(int, 9), ARGUMENT(unsigned, 10), ARGUMENT(unsigned, 11));
      else if (w.kernel == 2)
        nca_paint(ARGUMENT(float4 *, 0), ARGUMENT(float4 *, 1), ARGUMENT(float *, 2), ARGUMENT(float *, 3),
                  ARGUMENT(int, 4), ARGUMENT(int, 5), ARGUMENT(int, 6), ARGUMENT(int, 7), ARGUMENT(int, 8));
      else
        nca_mask(ARGUMENT(float4 *, 0), ARGUMENT(float *, 1), ARGUMENT(unsigned char *, 2), ARGUMENT(int, 3),
                 ARGUMENT(int, 4), ARGUMENT(int, 5));
    }
  return 0;
}

void launch(int kernel, int across, int down, void **arguments) {
  pthread_t threads[THREADS];
  worker workers[THREADS];
  pthread_barrier_init(&barrier, 0, THREADS);
  for (int i = 0; i < THREADS; i++) {
    workers[i] = (worker){i, kernel, across, down, arguments};
    pthread_create(threads + i, 0, work, workers + i);
  }
  for (int i = 0; i < THREADS; i++) pthread_join(threads[i], 0);
  pthread_barrier_destroy(&barrier);
}
