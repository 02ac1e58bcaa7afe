package org.centerloss.cuda.driver;

import org.centerloss.device.DeviceException;

/** Closes one thing after the other, past failures; the first carries the others. */
public final class Closing {
    private DeviceException failure;

    /** Notes a failure as if closing something had thrown it. */
    public void failed(DeviceException next) {
        if (failure == null) {
            failure = next;
        } else {
            failure.addSuppressed(next);
        }
    }

    /**
     * @param resource null where it was never made
     */
    public void close(AutoCloseable resource) {
        if (resource == null) {
            return;
        }
        try {
            resource.close();
        } catch (DeviceException e) {
            failed(e);
        } catch (Exception e) {
            failed(new DeviceException("cuda: close: " + e.getMessage(), e));
        }
    }

    public void rethrow() {
        if (failure != null) {
            throw failure;
        }
    }
}
