/* Preloaded by tests/faults: makes one operation on files below a folder fail, or ends the process in the middle of it.

   LENET5_FAULT_FOLDER  the folder, as the program names it
   LENET5_FAULT_AT      which operation, counted from 1; 0 for none
   LENET5_FAULT_DO      `kill`, or the number of the error that the operation fails with
   LENET5_FAULT_ONLY    only operations of this name are counted, such as `flock`
   LENET5_FAULT_LASTS   if set, all later operations fail too that need space on the disk: it stays full
   LENET5_FAULT_LOG     a file to which each operation is added that is counted: its name and its path */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
#define FILES 4096

/* The paths of the files and folders below the folder that are open. */
static char *paths[FILES];
static atomic_int count;

static int log_file(void) {
    static int file = -2;
    const char *path = getenv("LENET5_FAULT_LOG");
    if (file == -2) file = path ? REAL(open)(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666) : -1;
    return file;
}

static int is_below(const char *path) {
    const char *folder = getenv("LENET5_FAULT_FOLDER");
    size_t length = folder ? strlen(folder) : 0;
    return length && path && !strncmp(path, folder, length) && (path[length] == '/' || path[length] == 0);
}

/* Whether the operation on this path is to fail; errno says how. `half` is done before the process is killed. */
static int fails(const char *operation, const char *path, int needs_space, int file, const void *half, size_t size) {
    const char *only = getenv("LENET5_FAULT_ONLY"), *at = getenv("LENET5_FAULT_AT"), *what = getenv("LENET5_FAULT_DO");
    if (!is_below(path) || (only && strcmp(only, operation))) return 0;
    int number = atomic_fetch_add(&count, 1) + 1, wanted = at ? atoi(at) : 0;
    if (log_file() >= 0) dprintf(log_file(), "%s %s\n", operation, path);
    int lasts = getenv("LENET5_FAULT_LASTS") && needs_space && wanted && number > wanted;
    if (!lasts && number != wanted) return 0;
    if (size && !lasts) REAL(write)(file, half, size / 2);
    if (!strcmp(what, "kill")) kill(getpid(), SIGKILL);
    errno = atoi(what);
    return 1;
}

static int fails_at(const char *operation, const char *path, int needs_space) {
    return fails(operation, path, needs_space, -1, NULL, 0);
}

static const char *path_of(int file) { return file >= 0 && file < FILES ? paths[file] : NULL; }

static void opened(int file, const char *path) {
    if (file < 0 || file >= FILES) return;
    free(paths[file]);
    paths[file] = is_below(path) ? strdup(path) : NULL;
}

int open64(const char *path, int flags, ...) {
    va_list rest;
    va_start(rest, flags);
    mode_t mode = va_arg(rest, mode_t);
    va_end(rest);
    if (fails_at(flags & O_CREAT ? "create" : "open", path, flags & O_CREAT)) return -1;
    int file = REAL(open64)(path, flags, mode);
    opened(file, path);
    return file;
}

int close(int file) {
    if (path_of(file)) opened(file, "");
    return REAL(close)(file);
}

ssize_t read(int file, void *buffer, size_t size) {
    return fails_at("read", path_of(file), 0) ? -1 : REAL(read)(file, buffer, size);
}

ssize_t write(int file, const void *buffer, size_t size) {
    return fails("write", path_of(file), 1, file, buffer, size) ? -1 : REAL(write)(file, buffer, size);
}

int fsync(int file) { return fails_at("fsync", path_of(file), 1) ? -1 : REAL(fsync)(file); }

int flock(int file, int operation) {
    return fails_at("flock", path_of(file), 0) ? -1 : ((int (*)(int, int))dlsym(RTLD_NEXT, "flock"))(file, operation);
}

int rename(const char *from, const char *to) { return fails_at("rename", to, 0) ? -1 : REAL(rename)(from, to); }

int mkdir(const char *path, mode_t mode) { return fails_at("mkdir", path, 1) ? -1 : REAL(mkdir)(path, mode); }

int unlink(const char *path) { return fails_at("unlink", path, 0) ? -1 : REAL(unlink)(path); }

int statx(int folder, const char *restrict path, int flags, unsigned mask, struct statx *restrict found) {
    const char *volatile given = path; /* Rust asks with no path whether there is such a call; the header says that there is one */
    const char *name = given && *given ? given : path_of(folder);
    return fails_at("stat", name, 0) ? -1 : REAL(statx)(folder, path, flags, mask, found);
}

DIR *opendir(const char *path) {
    if (fails_at("opendir", path, 0)) return NULL;
    DIR *folder = REAL(opendir)(path);
    if (folder) opened(dirfd(folder), path);
    return folder;
}

struct dirent64 *readdir64(DIR *folder) {
    return fails_at("readdir", path_of(dirfd(folder)), 0) ? NULL : REAL(readdir64)(folder);
}
