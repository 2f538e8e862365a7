import { SAMPLE_COUNT } from '../core/samples.ts';

/**
 * Completes the C text of a network to a program for the dialogue of core/program.ts. Its argument is a file of
 * float32: parameters, inputs, targets. The network's text defines INPUT_LENGTH, OUTPUT_LENGTH, PARAMETER_COUNT,
 * `weights`, `output`, `forward(input)` and `train(inputs, targets, batch, rate)`, one step on consecutive samples.
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
}

int main(int argc, char **argv) {
  char line[100], task[20];
  if (argc != 2) return 1;
  load(argv[1]);
  printf("ready " __VERSION__ "\\n");
  fflush(stdout);
  while (fgets(line, sizeof line, stdin)) {
    int a = 1, b = 0;
    float rate = 0;
    if (sscanf(line, "%19s %d %d %f", task, &a, &b, &rate) < 1) continue;
    const double start = now();
    if (!strcmp(task, "forward"))
      for (int k = 0; k < a * b; k++) forward(inputs[k % SAMPLE_COUNT]);
    if (!strcmp(task, "step"))
      for (int k = 0; k < b; k++) train(inputs + k * a % SAMPLE_COUNT, targets + k * a % SAMPLE_COUNT, a, rate);
    const double end = now();
    if (!strcmp(task, "reset")) memcpy(&weights, initial, sizeof initial);
    if (!strcmp(task, "output")) {
      for (int k = a; k < a + b; k++) {
        forward(inputs[k]);
        print(output, OUTPUT_LENGTH);
      }
      printf("\\n");
    } else if (!strcmp(task, "parameters")) {
      print((const float *)&weights, PARAMETER_COUNT);
      printf("\\n");
    } else
      printf("%.6f\\n", (end - start) / (b ? a * b : 1));
    fflush(stdout);
  }
}
`;
