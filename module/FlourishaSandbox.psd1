@{
    RootModule           = 'FlourishaSandbox.dll'
    ModuleVersion        = '0.1.0'
    GUID                 = '6b8e2f0a-3c5d-4f6e-9a41-7d2c8b90e1f3'
    Author               = 'The FlourishaSandbox authors'
    CompanyName          = 'FlourishaSandbox'
    Copyright            = 'The FlourishaSandbox authors'
    Description          = 'Disposable, isolated sandboxes for code that nobody has read yet, on your own Docker Engine.'
    PowerShellVersion    = '7.4'
    CompatiblePSEditions = @('Core')
    FormatsToProcess     = @('FlourishaSandbox.Format.ps1xml')
    TypesToProcess       = @('FlourishaSandbox.Types.ps1xml')
    FunctionsToExport    = @()
    VariablesToExport    = @()
    AliasesToExport      = @()
    CmdletsToExport      = @(
        'Build-SandboxImage'
        'Checkpoint-Sandbox'
        'Clear-SandboxPool'
        'Clear-StaleSandbox'
        'Copy-Sandbox'
        'Copy-SandboxItem'
        'Enter-Sandbox'
        'Get-Sandbox'
        'Get-SandboxCheckpoint'
        'Get-SandboxChildItem'
        'Get-SandboxConfiguration'
        'Get-SandboxCleanup'
        'Get-SandboxContent'
        'Get-SandboxEvent'
        'Get-SandboxFirewall'
        'Get-SandboxGateway'
        'Get-SandboxHost'
        'Get-SandboxImage'
        'Get-SandboxPool'
        'Get-SandboxProcess'
        'Install-SandboxFirewall'
        'Invoke-SandboxCommand'
        'Limit-Sandbox'
        'Measure-Sandbox'
        'Move-SandboxItem'
        'New-Sandbox'
        'New-SandboxItem'
        'Receive-SandboxProcess'
        'Register-SandboxCleanup'
        'Register-SandboxPool'
        'Remove-Sandbox'
        'Remove-SandboxCheckpoint'
        'Remove-SandboxItem'
        'Resume-Sandbox'
        'Send-SandboxProcessInput'
        'Set-Sandbox'
        'Set-SandboxConfiguration'
        'Set-SandboxContent'
        'Set-SandboxPool'
        'Start-Sandbox'
        'Start-SandboxGateway'
        'Start-SandboxProcess'
        'Stop-Sandbox'
        'Stop-SandboxGateway'
        'Stop-SandboxProcess'
        'Suspend-Sandbox'
        'Save-SandboxScreenshot'
        'Test-SandboxApp'
        'Test-SandboxIsolation'
        'Test-SandboxPath'
        'Uninstall-SandboxFirewall'
        'Unregister-SandboxCleanup'
        'Unregister-SandboxPool'
        'Wait-SandboxProcess'
        'Watch-SandboxItem'
    )
    PrivateData          = @{
        PSData = @{
            Tags         = @('Docker', 'Sandbox', 'Container', 'Isolation', 'Agent', 'E2B', 'PSEdition_Core', 'Linux', 'MacOS', 'Windows')
            ReleaseNotes = 'See CHANGELOG.md.'
        }
    }
}
