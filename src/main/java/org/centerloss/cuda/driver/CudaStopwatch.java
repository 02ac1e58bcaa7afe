package org.centerloss.cuda.driver;

import org.centerloss.cuda.CudaDevice;
import org.centerloss.device.instrument.Stopwatch;

/** Times the work of a device's stream, with an event before it and one behind. */
public final class CudaStopwatch implements Stopwatch {
    private final CudaDevice device;
    private final CudaEvent start;
    private final CudaEvent stop;
    private boolean closed;

    public CudaStopwatch(CudaDevice device) {
        device.opened(this, 0);
        this.device = device;
        start = CudaEvent.timed();
        stop = CudaEvent.timed();
    }

    @Override
    public void start() {
        mark(start);
    }

    @Override
    public void stop() {
        mark(stop);
    }

    private void mark(CudaEvent event) {
        device.checkOpen();
        device.stream().checkNotRecording("take the time");
        event.record(device.stream());
    }

    @Override
    public double milliseconds() {
        device.checkOpen();
        stop.synchronize("wait for the work that is timed");
        return stop.millisecondsSince(start);
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        device.checkThread();
        closed = true;
        device.closed(this, 0);
        Closing closing = new Closing();
        closing.close(stop);
        closing.close(start);
        closing.rethrow();
    }
}
