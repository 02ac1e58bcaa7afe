package org.centerloss.cuda.driver;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.centerloss.device.DeviceException;

/** What was made on a device and not closed, and the bytes of the GPU's memory that it holds. */
public final class OpenResources {
    /** In the order of making. */
    private final Map<AutoCloseable, Boolean> open = new LinkedHashMap<>();

    private long bytes;

    public void add(AutoCloseable resource, long moreBytes) {
        open.put(resource, Boolean.TRUE);
        bytes += moreBytes;
    }

    /** Counts bytes of something that is already known. */
    public void grow(long moreBytes) {
        bytes += moreBytes;
    }

    public void remove(AutoCloseable resource, long fewerBytes) {
        open.remove(resource);
        bytes -= fewerBytes;
    }

    public long bytes() {
        return bytes;
    }

    /**
     * Closes everything, the newest first, and notes that as a failure where there was anything.
     */
    public void close(Closing closing) {
        List<AutoCloseable> left = new ArrayList<>(open.keySet());
        if (!left.isEmpty()) {
            closing.failed(
                    new DeviceException(
                            "cuda: closed while %d tensors or operations were open, %d bytes"
                                    .formatted(left.size(), bytes)));
        }
        for (int i = left.size() - 1; i >= 0; i--) {
            closing.close(left.get(i));
        }
    }
}
