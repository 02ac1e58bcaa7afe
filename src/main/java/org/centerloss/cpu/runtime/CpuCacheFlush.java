package org.centerloss.cpu.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.centerloss.cpu.CpuDevice;
import org.centerloss.device.instrument.CacheFlush;

/** Every thread writes an array of its own, since the caches next to the core are its own too. */
public final class CpuCacheFlush extends CpuOp implements CacheFlush {
    /** Where Linux tells the caches of the first core, from the nearest to the last. */
    private static final Path CACHES = Path.of("/sys/devices/system/cpu/cpu0/cache");

    /** Where it does not. */
    private static final long ASSUMED_BYTES = 64L << 20;

    private final float[][] arrays;

    public CpuCacheFlush(CpuDevice device) {
        super(device, "cache flush");
        int threads = device.threads().count();
        long floats = 2 * lastLevelBytes() / Float.BYTES;
        arrays = new float[threads][Math.toIntExact(floats / threads)];
        holds(floats * Float.BYTES);
    }

    private static long lastLevelBytes() {
        long largest = 0;
        for (int i = 0; Files.exists(CACHES.resolve("index" + i)); i++) {
            largest = Math.max(largest, bytes(CACHES.resolve("index" + i + "/size")));
        }
        return largest == 0 ? ASSUMED_BYTES : largest;
    }

    /** Such as 32768K; 0 where that cannot be read. */
    private static long bytes(Path file) {
        try {
            String size = Files.readString(file).strip();
            return size.matches("\\d{1,9}K") ? 1024 * Long.parseLong(size.replace("K", "")) : 0;
        } catch (IOException e) {
            return 0;
        }
    }

    @Override
    public void run() {
        checkOpen();
        device.threads().run(arrays.length, this::write);
    }

    private void write(int task) {
        float[] array = arrays[task];
        for (int i = 0; i < array.length; i++) {
            array[i] += 1;
        }
    }
}
