package org.centerloss.cpu;

import java.util.Optional;
import java.util.OptionalDouble;
import org.centerloss.cpu.onednn.OneDnn;
import org.centerloss.cpu.runtime.CpuCacheFlush;
import org.centerloss.cpu.runtime.CpuPeaks;
import org.centerloss.cpu.runtime.CpuProgram;
import org.centerloss.cpu.runtime.CpuThreads;
import org.centerloss.cpu.runtime.NativeMemory;
import org.centerloss.device.DeviceException;
import org.centerloss.device.OpenResources;
import org.centerloss.device.Program;
import org.centerloss.device.instrument.CacheFlush;
import org.centerloss.device.instrument.Peaks;
import org.centerloss.device.instrument.Stopwatch;
import org.centerloss.device.instrument.WallClock;

/** This machine's processor: oneDNN for the network's layers, parallel Java for the rest. */
public final class CpuDevice extends CpuOperations {
    private final CpuThreads threads;
    private final OneDnn oneDnn;

    private final OpenResources open = new OpenResources("cpu");
    private boolean closed;

    /**
     * @param threads how many threads work at a time; 0 for one per available processor
     */
    public CpuDevice(int threads) {
        if (threads < 0) {
            throw new DeviceException("cpu: threads must not be negative: " + threads);
        }
        int count = threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
        oneDnn = new OneDnn(count);
        this.threads = new CpuThreads(count);
    }

    public CpuThreads threads() {
        return threads;
    }

    public OneDnn oneDnn() {
        return oneDnn;
    }

    /**
     * How many neighbouring channels of an activation are stored together. Images of up to 4
     * channels stay plain: padding them to a block would multiply their bytes.
     */
    public int channelBlock(int channels) {
        return channels <= 4 ? 1 : oneDnn.channelBlock();
    }

    /** Notes something that must be closed before the device. */
    public void opened(AutoCloseable resource, long bytes) {
        checkOpen();
        open.add(resource, bytes);
    }

    public void holds(long moreBytes) {
        open.grow(moreBytes);
    }

    public void closed(AutoCloseable resource, long bytes) {
        open.remove(resource, bytes);
    }

    public void checkOpen() {
        if (closed) {
            throw new DeviceException("the cpu device was closed");
        }
    }

    @Override
    public String name() {
        return "cpu";
    }

    @Override
    public String description() {
        return oneDnn.description()
                + ", "
                + threads.count()
                + (threads.count() == 1 ? " thread" : " threads");
    }

    @Override
    public boolean doublePrecision() {
        return false;
    }

    @Override
    public long liveBytes() {
        return open.bytes();
    }

    @Override
    public long freeBytes() {
        return NativeMemory.freeBytes();
    }

    @Override
    public void synchronize() {
        checkOpen();
    }

    @Override
    public Program record(Runnable body) {
        checkOpen();
        return new CpuProgram(this, body);
    }

    @Override
    public Stopwatch stopwatch() {
        checkOpen();
        return new WallClock();
    }

    @Override
    public CacheFlush cacheFlush() {
        return new CpuCacheFlush(this);
    }

    @Override
    public Peaks peaks() {
        checkOpen();
        return CpuPeaks.measure(this);
    }

    @Override
    public OptionalDouble smallestPreActivation() {
        return OptionalDouble.empty();
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        Optional<DeviceException> failure = open.close();
        closed = true;
        threads.close();
        oneDnn.close();
        if (failure.isPresent()) {
            throw failure.get();
        }
    }
}
