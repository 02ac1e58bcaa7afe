package org.centerloss.cuda.library;

import java.util.function.ToIntFunction;
import org.centerloss.cuda.driver.Closing;
import org.centerloss.device.DeviceException;

/**
 * One of cuDNN's descriptors.
 *
 * @param <H> JCudnn's class for it
 */
public final class Descriptor<H> implements AutoCloseable {
    private final String name;
    private final H handle;
    private final ToIntFunction<H> destroy;
    private boolean closed;

    private Descriptor(String name, H handle, ToIntFunction<H> destroy) {
        this.name = name;
        this.handle = handle;
        this.destroy = destroy;
    }

    /**
     * A new descriptor. The functions are cuDNN's and give a status.
     *
     * @param name what it describes, for messages
     */
    static <H> Descriptor<H> of(
            String name,
            H handle,
            ToIntFunction<H> create,
            ToIntFunction<H> destroy,
            ToIntFunction<H> set) {
        Cudnn.call(name, () -> create.applyAsInt(handle));
        return new Descriptor<>(name, handle, destroy).with(set);
    }

    /** This, with something more set. */
    Descriptor<H> with(ToIntFunction<H> set) {
        try {
            Cudnn.call(name, () -> set.applyAsInt(handle));
        } catch (DeviceException e) {
            Closing closing = new Closing();
            closing.failed(e);
            closing.close(this);
            throw e;
        }
        return this;
    }

    public H handle() {
        return handle;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            Cudnn.call(name + ", end", () -> destroy.applyAsInt(handle));
        }
    }
}
