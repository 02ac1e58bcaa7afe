package org.centerloss.reference;

import java.util.OptionalInt;
import org.centerloss.device.DeviceException;
import org.centerloss.device.Program;

/** The calls themselves. */
final class ReferenceProgram implements Program {
    private final ReferenceDevice device;
    private final Runnable body;
    private boolean closed;

    ReferenceProgram(ReferenceDevice device, Runnable body) {
        this.device = device;
        this.body = body;
        device.opened(this, 0);
    }

    @Override
    public void run() {
        device.checkOpen();
        if (closed) {
            throw new DeviceException("the program was closed");
        }
        body.run();
    }

    @Override
    public OptionalInt launches() {
        return OptionalInt.empty();
    }

    @Override
    public void close() {
        if (!closed) {
            device.closed(this, 0);
        }
        closed = true;
    }
}
