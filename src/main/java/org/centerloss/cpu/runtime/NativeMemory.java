package org.centerloss.cpu.runtime;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.centerloss.device.DeviceException;

/** Zeroed memory outside the Java heap, 64-byte aligned for the widest vector loads. */
public final class NativeMemory implements AutoCloseable {
    private static final int ALIGNMENT_BYTES = 64;

    /** What was free before anything was taken. */
    private static long free;

    private static long taken;

    private final long bytes;
    private final FloatPointer pointer;
    private final FloatBuffer floats;
    private Pointer allocation;

    /**
     * @param owner what it is for, for the message when there is no memory
     */
    public NativeMemory(String owner, long bytes) {
        this.bytes = bytes;
        take(owner, bytes);
        allocation = Pointer.calloc(1, bytes + ALIGNMENT_BYTES);
        if (allocation == null || allocation.isNull()) {
            giveBack(bytes);
            throw tooLittle(owner, bytes);
        }
        long misaligned = allocation.address() % ALIGNMENT_BYTES;
        long skip = misaligned == 0 ? 0 : ALIGNMENT_BYTES - misaligned;
        pointer = new FloatPointer(allocation.<Pointer>getPointer(skip));
        pointer.capacity(bytes / Float.BYTES);
        floats = pointer.asBuffer();
    }

    /** Linux promises more than there is, and ends a process that comes to use it. */
    private static synchronized void take(String owner, long bytes) {
        if (taken == 0) {
            free = freeBytes();
        }
        if (bytes > free - taken) {
            throw tooLittle(owner, bytes);
        }
        taken += bytes;
    }

    private static synchronized void giveBack(long bytes) {
        taken -= bytes;
    }

    private static DeviceException tooLittle(String owner, long bytes) {
        return new DeviceException(
                "%s: out of memory for %d bytes beside %d in use, of %d that were free; try a smaller batch size"
                        .formatted(owner, bytes, taken, free));
    }

    /** What this machine could still give, by Linux; elsewhere what it gives to nobody now. */
    public static long freeBytes() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/meminfo"))) {
            return lines.filter(line -> line.startsWith("MemAvailable:"))
                    .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElseGet(Pointer::availablePhysicalBytes);
        } catch (IOException e) {
            return Pointer.availablePhysicalBytes();
        }
    }

    public long bytes() {
        return bytes;
    }

    public FloatPointer pointer() {
        return pointer;
    }

    /** A view of the memory as floats. */
    public FloatBuffer floats() {
        return floats;
    }

    @Override
    public void close() {
        if (allocation != null) {
            Pointer.free(allocation);
            allocation = null;
            giveBack(bytes);
        }
    }
}
