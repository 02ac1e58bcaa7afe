package org.centerloss.cli;

import java.util.concurrent.Callable;
import org.centerloss.device.Device;
import org.centerloss.device.DeviceException;
import org.centerloss.device.Devices;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Lists what can compute here. */
@Command(
        name = "devices",
        mixinStandardHelpOptions = true,
        description = "List the devices that work here, and why others do not.")
final class DevicesCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
        for (String name : Devices.NAMES) {
            spec.commandLine().getOut().printf("%-10s %s%n", name, describe(name));
        }
        return Main.SUCCESS;
    }

    private static String describe(String name) {
        try (Device device = Devices.open(name, 0)) {
            return (name.equals(device.name()) ? "" : device.name() + ": ") + device.description();
        } catch (DeviceException e) {
            return "not available: " + e.getMessage();
        }
    }
}
