package org.centerloss.device;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What was made on a device and not closed, and the bytes that it holds. */
public final class OpenResources {
    private final String device;

    /** In the order of making. */
    private final Map<AutoCloseable, Boolean> open = new LinkedHashMap<>();

    private long bytes;

    /**
     * @param device for messages
     */
    public OpenResources(String device) {
        this.device = device;
    }

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
     * Closes everything, the newest first. Each is to {@link #remove} itself.
     *
     * @return the failure that it is that there was anything, with what went wrong while closing
     */
    public Optional<DeviceException> close() {
        List<AutoCloseable> left = new ArrayList<>(open.keySet());
        if (left.isEmpty()) {
            return Optional.empty();
        }
        DeviceException failure =
                new DeviceException(
                        "%s: closed while %d tensors or operations were open, %d bytes"
                                .formatted(device, left.size(), bytes));
        for (int i = left.size() - 1; i >= 0; i--) {
            try {
                left.get(i).close();
            } catch (Exception e) {
                failure.addSuppressed(e);
            }
        }
        return Optional.of(failure);
    }
}
