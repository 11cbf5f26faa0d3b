/* Counts the calls of a process to the disk and to PostgreSQL, and lets the n-th call fail.

   The library is preloaded (LD_PRELOAD) and does nothing until `arm` is called. It counts calls of
   write, pwrite, fsync, fdatasync and rename for files below one directory, and of send to the socket
   of PostgreSQL. At the n-th call it kills the process; or that call returns EIO (for a socket, a lost
   connection); or that call and every later write to a file return ENOSPC, because a full disk stays
   full. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/un.h>
#include <unistd.h>

enum how { COUNT, KILL, IO, FULL };

static char below[PATH_MAX];
static long at;
static enum how how;
static atomic_long calls;

void arm(long nth, int what, const char *directory)
{
    snprintf(below, sizeof below, "%s/", directory);
    at = nth;
    how = (enum how)what;
    atomic_store(&calls, 0);
}

long counted(void) { return atomic_load(&calls); }

static int inside(const char *path) { return below[0] && !strncmp(path, below, strlen(below)); }

static int of_store(int fd)
{
    char link[32], path[PATH_MAX];
    if (!below[0])
        return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0)
        return 0;
    path[length] = 0;
    return inside(path);
}

static int of_postgres(int fd)
{
    struct sockaddr_un peer = {0};
    socklen_t length = sizeof peer;
    if (!below[0] || getpeername(fd, (struct sockaddr *)&peer, &length))
        return 0;
    return peer.sun_family == AF_UNIX && strstr(peer.sun_path, ".s.PGSQL.") != NULL;
}

/* Returns the error with which this call fails; 0 if it succeeds. */
static int spoilt(int takes_room, int io)
{
    long now = atomic_fetch_add(&calls, 1) + 1;
    if (how == KILL && now == at)
        kill(getpid(), SIGKILL);
    if (how == IO && now == at)
        return io;
    if (how == FULL && now >= at && takes_room)
        return ENOSPC;
    return 0;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

#define ON_FILE(type, name, parameters, arguments, takes_room)    \
    type name parameters                                          \
    {                                                             \
        static __typeof__(&name) real;                            \
        if (!real)                                                \
            real = REAL(name);                                    \
        int error = of_store(fd) ? spoilt(takes_room, EIO) : 0;   \
        if (error) {                                              \
            errno = error;                                        \
            return -1;                                            \
        }                                                         \
        return real arguments;                                    \
    }

ON_FILE(ssize_t, write, (int fd, const void *data, size_t size), (fd, data, size), 1)
ON_FILE(ssize_t, pwrite, (int fd, const void *data, size_t size, off_t where), (fd, data, size, where), 1)
ON_FILE(ssize_t, pwrite64, (int fd, const void *data, size_t size, off64_t where), (fd, data, size, where), 1)
ON_FILE(int, fsync, (int fd), (fd), 0)
ON_FILE(int, fdatasync, (int fd), (fd), 0)

int rename(const char *from, const char *to)
{
    static __typeof__(&rename) real;
    if (!real)
        real = REAL(rename);
    int error = inside(to) ? spoilt(1, EIO) : 0;
    if (error) {
        errno = error;
        return -1;
    }
    return real(from, to);
}

ssize_t send(int fd, const void *data, size_t size, int flags)
{
    static __typeof__(&send) real;
    if (!real)
        real = REAL(send);
    int error = of_postgres(fd) ? spoilt(0, ECONNRESET) : 0;
    if (error) {
        shutdown(fd, SHUT_RDWR); /* a lost connection is lost in both directions: libpq reads until the end */
        errno = error;
        return -1;
    }
    return real(fd, data, size, flags);
}
