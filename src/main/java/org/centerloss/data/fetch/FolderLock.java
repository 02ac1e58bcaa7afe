package org.centerloss.data.fetch;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.centerloss.base.InputException;

/**
 * Keeps a folder for one process at a time, by a lock on its file {@code .lock}. The system lets go
 * of the lock when a process ends, however it ends; the empty file stays.
 */
final class FolderLock implements AutoCloseable {
    private static final long POLL_MS = 100;

    private final Path folder;
    private final FileChannel channel;

    private FolderLock(Path folder, FileChannel channel) {
        this.folder = folder;
        this.channel = channel;
    }

    /**
     * Makes the folder where it is missing, and waits until no other process holds it.
     *
     * @param waiting run once if another process holds it
     */
    static FolderLock take(Path folder, Runnable waiting) {
        FolderLock lock = open(folder);
        try {
            boolean told = false;
            while (!lock.isTaken()) {
                if (!told) {
                    waiting.run();
                    told = true;
                }
                Thread.sleep(POLL_MS);
            }
            return lock;
        } catch (IOException e) {
            lock.close();
            throw failure(folder, e);
        } catch (InterruptedException e) {
            lock.close();
            Thread.currentThread().interrupt();
            throw new InputException(folder + ": interrupted while another process holds it", e);
        }
    }

    private static FolderLock open(Path folder) {
        try {
            Files.createDirectories(folder);
            return new FolderLock(
                    folder,
                    FileChannel.open(
                            folder.resolve(".lock"),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE,
                            // What lies there may be a link that somebody else has laid.
                            LinkOption.NOFOLLOW_LINKS));
        } catch (IOException e) {
            throw failure(folder, e);
        }
    }

    private boolean isTaken() throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            // Another thread of this process holds it.
            return false;
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw failure(folder, e);
        }
    }

    private static InputException failure(Path folder, IOException e) {
        return new InputException(
                "%s: files cannot be put there: %s".formatted(folder, InputException.reason(e)), e);
    }
}
