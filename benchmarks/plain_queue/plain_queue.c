/* The plain queueing model in C: a binary heap, lines as linked lists, xoshiro256++ for the draws.
 *
 * Arguments: seed reps stages gap work delay patience horizon (hours). Prints: events arrived won departed busy_hours seconds. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { ARRIVAL, WORK_ENDS, DELAY_ENDS };
enum { NOBODY = -1 };

typedef struct { double time; int32_t kind, subject; } Event;
typedef struct { double deadline; int32_t rep, stage, next; } Lead;
typedef struct { int32_t first, last; } Line;

static double now, gap, work, delay, patience, horizon, busy_hours;
static int reps, stages, heap_size, heap_room, leads_room, slots, free_slot = NOBODY;
static long events, arrived, won, departed;
static Event *heap;
static Lead *leads;
static Line *lines;
static int32_t *working_on, *waiting;
static uint64_t words[4];

static uint64_t rotate(uint64_t x, int by) { return (x << by) | (x >> (64 - by)); }

static uint64_t splitmix(uint64_t *state) {
    uint64_t z = (*state += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

static double draw(double mean) {
    uint64_t result = rotate(words[0] + words[3], 23) + words[0];
    uint64_t shifted = words[1] << 17;
    words[2] ^= words[0];
    words[3] ^= words[1];
    words[1] ^= words[2];
    words[0] ^= words[3];
    words[2] ^= shifted;
    words[3] = rotate(words[3], 45);
    return -mean * log(((double)(result >> 12) + 0.5) * 0x1p-52);
}

static void post(double time, int kind, int subject) {
    if (heap_size == heap_room) heap = realloc(heap, (heap_room = 2 * heap_room) * sizeof *heap);
    int hole = heap_size++;
    while (hole > 0 && time < heap[(hole - 1) / 2].time) {
        heap[hole] = heap[(hole - 1) / 2];
        hole = (hole - 1) / 2;
    }
    heap[hole] = (Event){time, kind, subject};
}

static Event next_event(void) {
    Event first = heap[0], last = heap[--heap_size];
    int hole = 0, child;
    while ((child = 2 * hole + 1) < heap_size) {
        if (child + 1 < heap_size && heap[child + 1].time < heap[child].time) child++;
        if (last.time <= heap[child].time) break;
        heap[hole] = heap[child];
        hole = child;
    }
    heap[hole] = last;
    return first;
}

static void release(int lead) {
    leads[lead].next = free_slot;
    free_slot = lead;
}

static void depart(int lead) {
    departed++;
    events++;
    release(lead);
}

static void start(int rep, int lead) {
    double hours = draw(work);
    working_on[rep] = lead;
    busy_hours += fmin(hours, horizon - now);
    post(now + hours, WORK_ENDS, lead);
}

static void join_line(int rep, int lead) {
    Line *line = &lines[rep * stages + leads[lead].stage];
    leads[lead].deadline = now + draw(patience);
    leads[lead].next = NOBODY;
    if (line->first == NOBODY) line->first = lead;
    else leads[line->last].next = lead;
    line->last = lead;
    waiting[rep]++;
}

static void ask(int lead) {
    int rep = leads[lead].rep;
    if (working_on[rep] == NOBODY) start(rep, lead);
    else join_line(rep, lead);
}

static void lead_arrives(int rep) {
    int lead = free_slot;
    if (lead != NOBODY) free_slot = leads[lead].next;
    else {
        if (slots == leads_room) leads = realloc(leads, (leads_room = 2 * leads_room) * sizeof *leads);
        lead = slots++;
    }
    leads[lead] = (Lead){.rep = rep, .stage = 0};
    arrived++;
    post(now + draw(gap), ARRIVAL, rep);
    ask(lead);
}

static void take_next(int rep) {
    for (int stage = stages - 1; stage >= 0; stage--) {
        Line *line = &lines[rep * stages + stage];
        while (line->first != NOBODY) {
            int lead = line->first;
            line->first = leads[lead].next;
            waiting[rep]--;
            if (leads[lead].deadline > now) {
                start(rep, lead);
                return;
            }
            depart(lead);
        }
    }
}

static void work_ends(int lead) {
    int rep = leads[lead].rep;
    working_on[rep] = NOBODY;
    if (leads[lead].stage == stages - 1) {
        won++;
        release(lead);
    } else post(now + draw(delay), DELAY_ENDS, lead);
    if (waiting[rep] > 0) take_next(rep);
}

static void run(void) {
    for (int rep = 0; rep < reps; rep++) post(draw(gap), ARRIVAL, rep);
    while (heap[0].time < horizon) {
        Event event = next_event();
        now = event.time;
        events++;
        if (event.kind == ARRIVAL) lead_arrives(event.subject);
        else if (event.kind == WORK_ENDS) work_ends(event.subject);
        else {
            leads[event.subject].stage++;
            ask(event.subject);
        }
    }
    for (int k = 0; k < reps * stages; k++)
        for (int lead = lines[k].first, next; lead != NOBODY; lead = next) {
            next = leads[lead].next;
            if (leads[lead].deadline < horizon) depart(lead);
        }
}

int main(int count, char **argument) {
    struct timespec from, to;
    if (count != 9) return 2;
    uint64_t seed = strtoull(argument[1], NULL, 10);
    for (int k = 0; k < 4; k++) words[k] = splitmix(&seed);
    reps = atoi(argument[2]);
    stages = atoi(argument[3]);
    gap = atof(argument[4]);
    work = atof(argument[5]);
    delay = atof(argument[6]);
    patience = atof(argument[7]);
    horizon = atof(argument[8]);
    heap = malloc((heap_room = 1024) * sizeof *heap);
    leads = malloc((leads_room = 1024) * sizeof *leads);
    lines = malloc(reps * stages * sizeof *lines);
    working_on = malloc(reps * sizeof *working_on);
    waiting = calloc(reps, sizeof *waiting);
    for (int k = 0; k < reps * stages; k++) lines[k].first = NOBODY;
    for (int rep = 0; rep < reps; rep++) working_on[rep] = NOBODY;
    clock_gettime(CLOCK_MONOTONIC, &from);
    run();
    clock_gettime(CLOCK_MONOTONIC, &to);
    printf("%ld %ld %ld %ld %.9g %.9f\n", events, arrived, won, departed, busy_hours,
           (double)(to.tv_sec - from.tv_sec) + 1e-9 * (double)(to.tv_nsec - from.tv_nsec));
    return 0;
}
