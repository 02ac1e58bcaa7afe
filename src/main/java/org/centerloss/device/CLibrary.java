package org.centerloss.device;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;

/** Functions of the C library and of whatever else the process has loaded, through JNA. */
public final class CLibrary {
    private CLibrary() {}

    /**
     * A function.
     *
     * @throws DeviceException if JNA cannot load its own library
     */
    public static Function function(String name) {
        NativeFolder.get();
        try {
            return NativeLibrary.getProcess().getFunction(name);
        } catch (LinkageError e) {
            throw NativeFolder.unusable("JNA", e);
        }
    }
}
