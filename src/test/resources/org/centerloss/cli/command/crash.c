/*
 * Preloaded into a process, ends it by SIGKILL at the N-th system call that changes a file in or
 * below a folder: open for writing, write, rename, fsync, mkdir, unlink. A write is made for half
 * of its bytes before.
 *
 * CRASH_FOLDER  the folder, as the process names it
 * CRASH_AT      N, counted from 1; 0 for never
 * CRASH_COUNT   a file that gets the number of such calls when the process exits
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#define MOST_FILES 4096

static const char *folder;
static long crash_at;
static atomic_long calls;
static atomic_char watched[MOST_FILES];

__attribute__((constructor)) static void begin(void) {
    const char *at = getenv("CRASH_AT");
    folder = getenv("CRASH_FOLDER");
    crash_at = at ? atol(at) : 0;
}

__attribute__((destructor)) static void end(void) {
    const char *count = getenv("CRASH_COUNT");
    FILE *file = count ? fopen(count, "w") : NULL;
    if (file) {
        fprintf(file, "%ld\n", atomic_load(&calls));
        fclose(file);
    }
}

static void *next(const char *name) { return dlsym(RTLD_NEXT, name); }

static int below(const char *path) {
    return folder && path && strncmp(path, folder, strlen(folder)) == 0;
}

static int is_watched(int fd) { return fd >= 0 && fd < MOST_FILES && watched[fd]; }

static int now(void) { return atomic_fetch_add(&calls, 1) + 1 == crash_at; }

static void die(void) {
    kill(getpid(), SIGKILL);
    for (;;) {
        pause();
    }
}

static int opened(const char *path, int flags, int fd) {
    if (fd >= 0 && fd < MOST_FILES) {
        watched[fd] = below(path) && (flags & O_ACCMODE) != O_RDONLY;
    }
    return fd;
}

static void before_open(const char *path, int flags) {
    if (below(path) && (flags & O_ACCMODE) != O_RDONLY && now()) {
        die();
    }
}

#define OPEN(name)                                                        \
    int name(const char *path, int flags, ...) {                          \
        va_list more;                                                     \
        va_start(more, flags);                                            \
        mode_t mode = flags & O_CREAT ? va_arg(more, mode_t) : 0;         \
        va_end(more);                                                     \
        before_open(path, flags);                                         \
        int (*real)(const char *, int, ...) = next(#name);                \
        return opened(path, flags, real(path, flags, mode));              \
    }
OPEN(open)
OPEN(open64)

ssize_t write(int fd, const void *bytes, size_t count) {
    ssize_t (*real)(int, const void *, size_t) = next("write");
    if (is_watched(fd) && now()) {
        real(fd, bytes, count / 2);
        die();
    }
    return real(fd, bytes, count);
}

int close(int fd) {
    if (fd >= 0 && fd < MOST_FILES) {
        watched[fd] = 0;
    }
    int (*real)(int) = next("close");
    return real(fd);
}

int fsync(int fd) {
    if (is_watched(fd) && now()) {
        die();
    }
    int (*real)(int) = next("fsync");
    return real(fd);
}

#define PATH_CALL(name, parameters, arguments)                            \
    int name parameters {                                                 \
        if (below(path) && now()) {                                       \
            die();                                                        \
        }                                                                 \
        int (*real) parameters = next(#name);                             \
        return real arguments;                                            \
    }
PATH_CALL(rename, (const char *path, const char *to), (path, to))
PATH_CALL(mkdir, (const char *path, mode_t mode), (path, mode))
PATH_CALL(unlink, (const char *path), (path))
