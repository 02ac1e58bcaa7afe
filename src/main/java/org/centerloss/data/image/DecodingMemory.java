package org.centerloss.data.image;

import java.nio.file.Path;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.centerloss.base.InputException;
import org.centerloss.base.JavaMemory;

/**
 * The memory that images take while they are decoded side by side. One that finds too little, since
 * others are large, is decoded once more while no other is.
 */
public final class DecodingMemory {
    private static final ReadWriteLock LOCK = new ReentrantReadWriteLock();

    private DecodingMemory() {}

    /**
     * Decodes an image.
     *
     * @param work may be done twice
     * @throws InputException where memory does not last even for this image alone
     */
    public static <T> T within(Path file, Supplier<T> work) {
        try {
            return locked(LOCK.readLock(), work);
        } catch (OutOfMemoryError e) {
            // What it got is free again.
        }
        try {
            return locked(LOCK.writeLock(), work);
        } catch (OutOfMemoryError e) {
            throw new InputException(
                    "%s: damaged image, or too large for memory: %s"
                            .formatted(file, JavaMemory.remedy()),
                    e);
        }
    }

    private static <T> T locked(Lock lock, Supplier<T> work) {
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }
}
