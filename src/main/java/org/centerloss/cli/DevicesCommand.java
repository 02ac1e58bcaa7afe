package org.centerloss.cli;

import java.util.concurrent.Callable;
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
        for (Devices.Listing device : Devices.list()) {
            spec.commandLine().getOut().printf("%-10s %s%n", device.name(), device.description());
        }
        return Main.SUCCESS;
    }
}
