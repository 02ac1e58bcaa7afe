package org.centerloss.cpu.runtime;

import java.util.OptionalInt;
import org.centerloss.cpu.CpuDevice;
import org.centerloss.device.DeviceException;
import org.centerloss.device.Program;

/** A recorded program of the CPU device: the calls themselves. */
public final class CpuProgram implements Program {
    private final CpuDevice device;
    private final Runnable body;
    private boolean closed;

    public CpuProgram(CpuDevice device, Runnable body) {
        this.device = device;
        this.body = body;
        device.opened(this, 0);
    }

    @Override
    public void run() {
        if (closed) {
            throw new DeviceException("the program was closed");
        }
        device.checkOpen();
        body.run();
    }

    @Override
    public OptionalInt launches() {
        return OptionalInt.empty();
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            device.closed(this, 0);
        }
    }
}
