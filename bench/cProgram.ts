import { SAMPLE_COUNT } from './samples.ts';

/**
 * Completes the C text of a network to a program that obeys commands on its standard input, one line of answer
 * for each, so that its rounds can alternate with those of other runners. Its argument is a file of
 * float32: parameters, inputs, targets.
 */
export function cProgram(network: string): string {
  return `#define _POSIX_C_SOURCE 199309L
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

${network}

#define SAMPLE_COUNT ${SAMPLE_COUNT}
${MAIN}`;
}

const MAIN = `
static float initial[PARAMETER_COUNT], inputs[SAMPLE_COUNT][INPUT_LENGTH], targets[SAMPLE_COUNT][OUTPUT_LENGTH];

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e9 + t.tv_nsec;
}

static void load(const char *path) {
  FILE *file = fopen(path, "rb");
  if (!file || fread(initial, sizeof initial, 1, file) != 1 || fread(inputs, sizeof inputs, 1, file) != 1 ||
      fread(targets, sizeof targets, 1, file) != 1 || fgetc(file) != EOF) {
    fprintf(stderr, "%s: not the samples of this network\\n", path);
    exit(1);
  }
  fclose(file);
}

static void print(const float *values, int count) {
  for (int k = 0; k < count; k++) printf("%.9g ", values[k]);
  printf("\\n");
}

int main(int argc, char **argv) {
  char line[100], task[20];
  if (argc != 2) return 1;
  load(argv[1]);
  while (fgets(line, sizeof line, stdin)) {
    int count = 0;
    float rate = 0;
    if (sscanf(line, "%19s %d %f", task, &count, &rate) < 1) continue;
    const double start = now();
    if (!strcmp(task, "forward"))
      for (int k = 0; k < count; k++) forward(inputs[k % SAMPLE_COUNT]);
    if (!strcmp(task, "step"))
      for (int k = 0; k < count; k++) step(inputs[k % SAMPLE_COUNT], targets[k % SAMPLE_COUNT], rate);
    const double end = now();
    if (!strcmp(task, "reset")) memcpy(&weights, initial, sizeof initial);
    if (!strcmp(task, "output")) {
      forward(inputs[count]);
      print(output, OUTPUT_LENGTH);
    } else if (!strcmp(task, "parameters"))
      print((const float *)&weights, PARAMETER_COUNT);
    else
      printf("%.6f\\n", (end - start) / (count ? count : 1));
    fflush(stdout);
  }
}
`;
